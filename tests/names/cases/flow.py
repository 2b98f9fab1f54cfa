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
#: slot module json 2,4
#: binding 4 json assign h <NoneType>
#: slot module json_ok 6?
# Before the first assignment there is none, or what builtins has.
#: ref 8:8-13 name first first@?
# A comprehension and a class body run where they stand.
#: ref 11:9-14 name first first@10
#: ref 15:11-16 name first first@10
#: ref 16:11-16 name first first@10
# A function runs later: what holds when the module ends; of a name without a value in the end, all.
#: slot module first 20,32,34
#: ref 24:11-16 name first first@20,32,34
#: slot module gone ?
#: ref 24:18-22 name gone gone@27?
#: slot class@14 seen ?
#: slot class@14 own 16
#: slot module a 37,39
#: binding 39 a import h
#: slot module n 29?
# What is deleted is what stands there.
#: ref 28:4-8 name gone gone@27
#: ref 17:8-12 name seen seen@15
