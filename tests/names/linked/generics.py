#--- generics.py
from collections import defaultdict
from contextlib import AbstractContextManager
from typing import Callable, Dict, Generic, Iterator, List, Optional, Tuple, Type, TypeVar

T = TypeVar("T")


class Left:
    def left(self):  # @left
        pass


S = TypeVar("S", bound=Left)


class Right:
    def right(self):  # @right
        pass


class Box(Generic[T]):
    held: T

    def __init__(self, first: T):
        self.first: T = first

    def take(self) -> T: ...

    def every(self) -> List[T]: ...

    def nested(self) -> "Box[Box[T]]": ...


class Pair(Generic[T, S]):
    def one(self) -> T: ...

    def other(self) -> S: ...


class Fixed(Box[Left]):
    pass


class Swapped(Pair[S, T]):
    pass


class Counting:
    def __iter__(self):
        return self

    def __next__(self) -> Right: ...


class Lines:
    def __iter__(self) -> Iterator[Left]: ...


def both() -> Tuple[Left, Right]: ...


def first_of(many: List[T]) -> T: ...


def made_by(kind: Type[T]) -> T: ...


def called(by: Callable[[], T]) -> T: ...


def bounded(x: S) -> S: ...


def containers(many: List[Left], by_name: Dict[str, Right], some: Optional[List[Right]],
               groups: "defaultdict[str, list[Left]]", same: "tuple[Left, ...]"):
    many[0].left()
    #: left = @left
    many.pop().left()
    #: left = @left
    for x in many:
        x.left()
        #: left = @left
    for key, value in by_name.items():
        key.upper()
        #: upper() = builtins.str.upper
        value.right()
        #: right = @right
    for key in by_name:
        key.upper()
        #: upper() = builtins.str.upper
    by_name["a"].right()
    #: right = @right
    by_name.get("a").right()
    #: right = @right
    some[0].right()
    #: right = @right
    groups["a"][0].left()
    #: left = @left
    for x in same:
        x.left()
        #: left = @left
    same[7].left()
    #: left = @left
    [x.left() for x in many]
    #: left = @left


def objects(box: Box[Left], pair: Pair[Left, Right], deep: Box[List[Right]]):
    box.take().left()
    #: left = @left
    box.held.left()
    #: left = @left
    box.first.left()
    #: left = @left
    box.every()[0].left()
    #: left = @left
    box.nested().take().take().left()
    #: left = @left
    pair.one().left()
    #: left = @left
    pair.other().right()
    #: right = @right
    deep.take()[0].right()
    #: right = @right
    Fixed(1).take().left()
    #: left = @left
    Box(Right()).take().right()
    #: right = @right


def turned(x: "Swapped[Left, Right]", unknown: Box):
    x.one().left()
    #: left = @left
    x.other().right()
    #: right = @right
    unknown.take().left()
    #: left is needs_values variable


def functions(many: List[Left], right: Right):
    first_of(many).left()
    #: left = @left
    made_by(Right).right()
    #: right = @right
    called(Left).left()
    #: left = @left
    bounded(right).right()
    #: right@2 = @right
    bounded(what).left()
    #: left = @left
    sorted(many)[0].left()
    #: left = @left
    max(many).left()
    #: left = @left
    list(many)[0].left()
    #: left = @left
    next(iter(many)).left()
    #: left = @left
    for number, x in enumerate(many):
        x.left()
        #: left = @left
    for x, y in zip(many, [right]):
        x.left()
        #: left = @left
        y.right()
        #: right = @right
    for x in map(both, many):
        x[1].right()
        #: right = @right
    for x in set(many):
        x.left()
        #: left = @left
    for x in open("a"):
        x.upper()
        #: upper() = builtins.str.upper


def iterators(manager: "AbstractContextManager[Right]"):
    for x in Counting():
        x.right()
        #: right = @right
    for x in Lines():
        x.left()
        #: left = @left
    one, other = both()
    one.left()
    #: left = @left
    other.right()
    #: right = @right
    with manager as right:
        right.right()
        #: right@2 = @right


def collected(p, *many: Left, **by_name: Right):
    by_name.pop("a").right()
    #: right = @right
    for key in by_name:
        key.upper()
        #: upper() = builtins.str.upper
    for x in many:
        x.left()
        #: left = @left
    many[0].left()
    #: left = @left
    type(p).__name__.upper()
    #: upper() = builtins.str.upper


def plain(*many, **by_name):
    by_name.items()
    #: items() = builtins.dict.items
    many.index(1)
    #: index() = builtins.tuple.index


def displays(many: List[Left], flag):
    made = [Right() for x in many]
    made[3].right()
    #: right = @right
    for x in made:
        x.right()
        #: right = @right
    made.pop().right()
    #: right = @right
    sorted([Left()])[0].left()
    #: left = @left
    [Left()].pop().left()
    #: left = @left
    [Left(), Right()][1].right()
    #: right = @right
    one, other = [x for x in many]
    other.left()
    #: left = @left
    [flag for x in many][0].left()
    #: left is needs_values variable
    (Left(), Right())[1].right()
    #: right = @right
