import os.path, sys as s
from .a import b as c, d
import a.b.c
X = 1
if X:
    X = 2


def f(p, q=X):
    global G
    G = p
    return X, p


print(undefined, G, X)
setattr(s, "attr", f)
__all__ = ["f", 'X'] + os.__all__
__all__ += ["G"]
__all__.extend(s.__all__)
# An import of a.b binds a; of a.b as c it binds c to all of it.
#: slot module os 1
#: binding 1 os import
#: ref 1:7-9 module os module 0:os
#: ref 1:10-14 module path module 0:os.path
#: ref 1:23-24 definition s 1
#: import 1 0:sys - as
#: ref 2:6-7 module a module 1:a
#: ref 2:15-16 from b import@2
#: ref 2:20-21 definition c 2
#: import 2 1:a d
#: ref 3:11-12 module c module 0:a.b.c
# Both assignments may reach what comes behind the if, also in a function and in a default.
#: slot module X 4,6
#: ref 5:3-4 name X X@4
#: ref 9:11-12 name X X@4,6
#: ref 12:11-12 name X X@4,6
#: ref 15:20-21 name X X@4,6
# A function's global is the module's; code of the module may see it, or what builtins has.
#: slot module G 11
#: binding 11 G assign p@9
#: ref 10:11-12 name G G@11
#: ref 15:17-18 name G G@11?
#: ref 15:6-15 name undefined undefined@?
#: function 9  2 of 9,9 in -1 -1 returns (X@4,6, p@9)
#: store 16 s@1 attr f@9
#: all set {["f", "X"] + os@1.__all__}
#: all add ["G"]
#: all add s@1.__all__
