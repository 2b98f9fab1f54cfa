try:
    import json
except ImportError:
    json = None
else:
    json_ok = 1

early = first
first = 1
first = 2
inner = [first for _ in range(3)]


class C:
    seen = first
    own = [first for _ in range(3)]
    del seen


first = 3


def later():
    return first, gone, json


gone = 4
del gone
for n in range(3):
    if n:
        break
    first = 5
else:
    first = 6
while True:
    try:
        import a
    except ImportError:
        import b as a
    break
# The handler's binding ranks behind; both may hold.
# Before the first assignment there is none, or what builtins has.
# A comprehension and a class body run where they stand.
# A function runs later: what holds when the module ends; of a name without a value in the end, all.
# What is deleted is what stands there.
