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


def uu(vv, ww, xx, yy: int):
    assert isinstance(vv, C) and ww
    assert isinstance(xx, ss.C), "no"
    assert isinstance(yy, C)
    if ww:
        assert isinstance(ww, C)
#: binding 2 a assign one@?
#: binding 2 b assign two@?#0
#: binding 2 c assign <list>
#: binding 2 d assign _
#: binding 3 e assign three@?
#: binding 3 f assign three@?
#: binding 4 g assign iter(four@?)#0
#: binding 4 h assign iter(four@?)#1
#: binding 5 i assign enter(five@?)
#: binding 5 k assign enter(six@?)#1
#: binding 6 l assign seven@?
#: binding 7 m assign {eight@? | ten@?}
#: binding 8 n assign {eleven@? | twelve@?}
#: binding 9 o assign thirteen@?["14"].x
#: binding 10 p assign (<dict>, <set>, [q@10], <generator>)
#: binding 11 s assign (<str>, <str>, <bytes>, <float>, <complex>, <ellipsis>, <bool>, <int>, <bool>)
#: binding 12 t assign lambda@12
#: function 12 l* 1 of 12,12 in -1 -1 returns u@12
#: binding 13 W assign X@?
#: binding 15 aa assign C@?().x
#: binding 15 bb assign C@?()
#: ref 15:11-12 attribute x C@?().x
#: binding 16 cc assign subject@?#0
#: binding 16 dd assign <list>
#: binding 17 ff assign <dict>
#: binding 18 gg assign subject@?
#: binding 20 hh except raised((E1@?, E2@?))
#: call 21 nt@1("P", "x y", rename=<bool>)
#: call 22 nt@1("Q", [("a", int@?)])
#: binding 23 ii annotation - int@?
#: binding 24 ii augment jj@?
#: function 27 a 0 of  in -1 -1 returns [ss@32]
#: binding 28 mm assign aenter(ll@?)
#: binding 30 oo assign await(pp@?)
#: binding 31 qq assign aiter(rr@?)
#: binding 32 ss assign aiter(tt@?)
# A bare assertion of the body types a parameter that nothing else does.
#: binding 35 vv param - -
#: binding 35 ww param - -
#: binding 35 xx param - -
#: binding 35 yy param - int@?
