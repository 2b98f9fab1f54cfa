class C:
 __slots__ = "a", "__b", "\udc80"
 def f(self:"C", x: "[", y="z" "w") -> "a.b[c":
  self.x.y, (self.z, *self.w) = super(), __class__
  del self.x, q
  global q
  q: "int" = lambda: (yield)
from . import (a as b, *)
from .. .x import y
import a . b as 
__all__.append(
setattr(a, "", 1)
match x:
 case {**r} | C(a=b, c) as d: pass
class D[T: "x", *U](C["D"], metaclass=, **k): pass
