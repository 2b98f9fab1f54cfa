#--- compat.py
def with_metaclass(meta, *bases):
    class metaclass(type):
        def __new__(cls, name, this_bases, d):
            return meta(name, bases, d)
    return type.__new__(metaclass, "temporary_class", (), {})
#--- shapes.py
from typing import Generic, TypeVar, NamedTuple, Protocol
from abc import ABC, ABCMeta, abstractmethod
T = TypeVar("T")
class Base(ABC):  # @Base
    limit = 3  # @limit
    def __init__(self, size):  # @Base_init
        self.size = size  # @size
    @abstractmethod
    def area(self): ...  # @Base_area
    @property
    def label(self):  # @label
        return Label()
    @classmethod
    def make(cls):  # @make
        return cls(1)
    @staticmethod
    def helper(): ...  # @helper
class Label:
    text = ""  # @text
class Box(Base, Generic[T]):  # @Box
    def area(self):  # @Box_area
        self.depth = 1  # @depth
        return self.size
#: size = @size
    def twice(self):  # @twice
        super().area()
#: area = @Base_area
        return self.area(), self.label.text, self.limit, self.helper(), self.make()
#: area = @Box_area
#: label = @label
#: text = @text
#: limit = @limit
#: helper() = @helper
#: make = @make
class Named(NamedTuple):  # @Named
    first: int  # @first
    second: str = ""  # @second
    def joined(self):
        return self.first
#: first = @first
class Has(Protocol):
    def meet(self) -> "Box": ...  # @meet
#--- main.py
import collections
import enum
from dataclasses import dataclass, field
import six
import shapes
from shapes import Box, Named, Has
from compat import with_metaclass
box = Box[int](3)
box.area()
#: area = @Box_area
#: area() = @Box_area
box.depth, box.size, box.nothing
#: depth = @depth
#: size = @size
#: nothing =
Box(1)
#: Box = @Box
#: Box() = @Base_init
Box(size=2)
#: size = @Base_init
Box.make().area()
#: area = @Box_area
Box.make().label.text
#: text = @text
made = Named(first=1, second="a")
#: first = @first
#: second = @second
made.first, made.second, made._replace
#: first = @first
#: second = @second
first, second = made
def use(has: Has):
    has.meet().area()
#: meet = @meet
#: area = @Box_area
class Meta(type):
    def tag(cls): ...  # @tag
    def __call__(cls): ...  # @meta_call
class Tagged(metaclass=Meta):
    own = 1  # @own
Tagged.tag()
#: tag = @tag
Tagged.own, Tagged.missing
#: own = @own
#: missing is dynamic metaclass
class Old(with_metaclass(Meta, Box)):
    pass
Old.tag
#: tag = @tag
Old(1).twice()
#: twice = @twice
class Older(six.with_metaclass(Meta, Box)):
    pass
Older(2).depth
#: depth = @depth
Point = collections.namedtuple("Point", "x y")  # @Point
class Point3(Point):
    def z(self):  # @z
        return self.x
Point3(1, 2).z()
#: z = @z
Made = type("Made", (Box,), {})
Made(1).area()
#: area = @Box_area
Changed = type("Changed", (Box,), {"area": len})
Changed(1).area()
#: area =
#: area is needs_values variable
class Color(enum.Enum):  # @Color
    RED = 1  # @RED
    BLUE = 2
    def paint(self):  # @paint
        return Color.RED, self.value, self.RED
#: RED@1 = @RED
#: RED@2 = @RED
Color.RED.paint()
#: RED = @RED
#: paint = @paint
Color("x").paint, Color["RED"].paint
#: paint@1 = @paint
#: paint@2 = @paint
for color in Color:
    color.paint()
#: paint = @paint
@dataclass
class Item:
    name: str  # @name
    box: Box = field(default=None)  # @item_box
    def weigh(self):
        return self.box.area()
#: box = @item_box
#: area = @Box_area
Item(name="a", box=None)
#: name = @name
#: box = @item_box
class Slotted:
    __slots__ = ("a", "b")  # @slots
    def __init__(self):
        self.a = Box(1)  # @slot_a
    def read(self):
        return self.a.area(), self.b
#: a = @slots @slot_a
#: b = @slots
#: area = @Box_area
class Child(shapes.Base):
    def __init__(self):
        super().__init__(1)
#: __init__ = @Base_init
#: __init__() = @Base_init
        shapes.Base.__init__(self, 2)
#: __init__ = @Base_init
        super(Child, self).area()
#: area = @Base_area
    @classmethod
    def build(cls):
        return cls()
Child.build().label
#: label = @label
#--- objects.py
import objects2
def wraps(f):
    return f
class Bare:
    @wraps
    def __init__(self):  # @bare_init
        super().__init__()
#: __init__ is builtin
        self.__class__, self.__dict__, self.__nothing__
#: __class__ is builtin
#: __dict__ is builtin
#: __nothing__ is unresolved no_such_member
Bare()
#: Bare() = @bare_init
#: Bare() is resolved
objects2.__file__, objects2.__nothing__
#: __file__ is builtin implicit
#: __nothing__ is unresolved no_such_name
#--- objects2.py
one = 1
#--- inner.py
class Form:
    class Meta:
        def hint(self): ...  # @form_hint
    def meta(self):
        return self.Meta()
class Admin(Form):
    class Meta:
        def hint(self): ...  # @admin_hint
class Plain(Form): pass
Form().meta().hint()
#: hint = @form_hint
Admin().meta().hint()
#: hint = @admin_hint
Plain().meta().hint()
#: hint = @form_hint
#--- circle1.py
from circle2 import B
class A(B): pass
#: A says class_circle
class Below(A): pass
#: Below says
#--- circle2.py
from circle1 import A
class B(A):
#: B says class_circle
    def own(self): ...  # @own_of_B
B().own
#: own = @own_of_B
#--- broken.py
class X: pass
class Y(X): pass
#: Y says
class Bad(X, Y):
#: Bad says mro_inconsistent
    def act(self): ...  # @bad_act
Bad().act()
#: act = @bad_act
