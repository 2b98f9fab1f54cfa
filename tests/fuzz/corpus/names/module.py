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
# Both assignments may reach what comes behind the if, also in a function and in a default.
# A function's global is the module's; code of the module may see it, or what builtins has.
