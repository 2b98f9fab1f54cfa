import namedtuple_like as nt
a, (b, *c, d) = one, two
e = f = three
for g, h in four: pass
with five as i, six as (j, k): pass
if (l := seven): pass
m = eight if nine else ten
n = eleven or twelve
o = thirteen[14].x
p = {1: 2}, {3}, [q for q in z], (r for r in z)
s = "x" % 1, f"{a}", b"", 1.0, 2j, ..., not a, -1, a < b
t = lambda u, *v: u
type W = X
match subject:
    case C(x=aa) as bb: pass
    case [cc, *dd]: pass
    case {"k": ee, **ff}: pass
    case gg: pass
try: pass
except (E1, E2) as hh: pass
P = nt("P", "x y", rename=True)
Q = nt("Q", [("a", int)])
ii: int
ii += jj


async def kk():
    async with ll as mm:
        await nn
    oo = await pp
    async for qq in rr: pass
    return [ss async for ss in tt]
