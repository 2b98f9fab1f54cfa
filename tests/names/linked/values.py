#--- lib.py
class Motor:  # @Motor
    def start(self) -> "Motor": ...  # @start
    def stop(self):  # @stop
        return self
    def __enter__(self):
        return self
    def __exit__(self, *a): ...
class Car:  # @Car
    motor: Motor  # @motor
    spare = Motor()
    def __init__(self, other: "Car" = None):
        self.engine = Motor()  # @engine
        self.other = other  # @other
    @property
    def main(self):
        return self.engine
    def get(self):
        return Motor()
    def itself(self):
        return self
def make_car():
    return Car()
def make_either(flag):
    if flag:
        return Car()
    return Motor()
class Wagon(Car):
    def load(self): ...  # @load
#--- main.py
from typing import Optional, Union, List, Type, cast, ClassVar
from lib import Car, Motor, Wagon, make_car, make_either
import lib
car = make_car()
car.engine.start().stop()
#: engine = @engine
#: start = @start
#: stop = @stop
car.motor.start, car.spare.start, car.main.start, car.get().start
#: start@1 = @start
#: start@2 = @start
#: start@3 = @start
#: start@4 = @start
Wagon().itself().load()
#: load = @load
make_either(1).start
#: start = @start
def annotated(a: Motor, b: Optional[Motor], c: "Motor", d: Union[Motor, None], e: Type[Motor], f: lib.Motor, *args: Motor, g: Motor | None = None, **kw: Motor):
    a.start, b.start, c.start, d.start, e().start, f.start, g.start
#: start@1 = @start
#: start@2 = @start
#: start@3 = @start
#: start@4 = @start
#: start@5 = @start
#: start@6 = @start
#: start@7 = @start
    args.start
#: start =
def narrowed(p, q, r):
    if isinstance(p, Motor):
        p.start()
#: start = @start
    if isinstance(q, (Motor, Car)) and q.start:
#: start = @start
        q.engine
#: engine = @engine
    if not isinstance(r, Car):
        return
    r.engine
#: engine = @engine
def not_narrowed(p, other):
    if isinstance(p, Motor):
        pass
    p.start
#: start =
    if isinstance(other, Motor):
        other = Car()
        other.engine
#: engine = @engine
def matched(p):
    match p:
        case Motor():
            p.start()
#: start = @start
        case Car(engine=e) as c:
            c.engine
#: engine = @engine
def others(p, q, r, s):
    assert isinstance(p, Motor)
    p.start
#: start = @start
    while isinstance(q, Car):
        q.engine
#: engine = @engine
    if not isinstance(r, Motor) or s:
        r.start
#: start =
    else:
        r.start
#: start = @start
    return [t.engine for t in s if isinstance(t, Car)]
#: engine = @engine
class Keeps:
    def __init__(self, motor):
        assert isinstance(motor, Motor)
        self.motor = motor
    def give(self, car):
        if isinstance(car, Car):
            return car
        return None
Keeps(1).motor.start, Keeps(1).give(2).engine
#: start = @start
#: engine = @engine
def chained(p, kind):
    if isinstance(p.part, Motor) and issubclass(kind, Motor):
        p.part.start, kind.stop
#: start = @start
#: stop = @stop
    p.part.start
#: start =
    if isinstance(p, Motor):
        p = Car()
        p.start, p.engine
#: start =
#: engine = @engine
x = cast(Motor, input())
x.start
#: start = @start
y: "List[Motor]" = []
with Motor() as m:
    m.start
#: start = @start
z = car if m else Motor()
z.engine, z.start
#: engine = @engine
#: start = @start
w = None or Motor()
w.start
#: start = @start
(walrus := Motor()).start
#: start = @start
walrus.stop
#: stop = @stop
a, (b, *c) = Car(), (Motor(), 1)
a.engine, b.start
#: engine = @engine
#: start = @start
pair = (Car(), Motor())
pair[1].start
#: start = @start
pair[0].engine
#: engine = @engine
for each in [Motor(), Motor()]:
    each.start
#: start = @start
[item.start for item in (Motor(),)]
#: start = @start
def gen():
    yield Motor()
for got in gen():
    got.start
#: start = @start
from typing import Iterator
def declared(p) -> Iterator[Motor]:
    yield p
for told in declared(1):
    told.start
#: start = @start
next(gen()).start
#: start = @start
def gen_from():
    yield from gen()
    return Car()
for got in gen_from():
    got.start, got.engine
#: start = @start
#: engine =
from contextlib import contextmanager
@contextmanager
def manager():
    yield Motor()
with manager() as managed:
    managed.start
#: start = @start
async def coro():
    return Motor()
async def main():
    (await coro()).start
#: start = @start
fun = make_car
fun().engine
#: engine = @engine
meth = car.get
meth().start
#: start = @start
(lambda: Motor())().start
#: start = @start
class Overrides(Car):
    def __init__(self):
        super().__init__()
        self.engine.start()
#: engine = @engine
#: start = @start
        self.other.engine
#: other = @other
#: engine = @engine
        del self.spare
class Node:
    next: "Node" = None  # @next
    def walk(self):
        here = self
        while here:
            here = here.next
#: next = @next
            here.walk()
            here.next.next
#: next@1 = @next
#: next@2 = @next
def keyword(alpha, *, beta=1): ...  # @keyword
keyword(alpha=1, beta=2)
#: alpha = @keyword
#: beta = @keyword
keyword(gamma=1)
#: gamma =
try:
    pass
except (OSError, lib.Motor) as error:
    error.start
#: start = @start
except ValueError as v:
    v.args
