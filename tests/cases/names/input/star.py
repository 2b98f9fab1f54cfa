from somewhere import *
print()
frozendict()
__name__.split()
def f(): other.thing()
f()
