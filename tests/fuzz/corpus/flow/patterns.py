match a, b:
    case [x, *y] | (x, y) if x > (z := y): pass
    case {'k': v, **r}: assert v, r
    case C(1, k=None) as w: q = w if w else r
    case _: q = [i for i in a for j in i if j and not i or (k := j)]
try: f()
except* A: g()
except* B as b: h(b)
async def g():
    async for i in a: yield await i
    async with b as c: yield from c
lambda x=1: (yield x) < 1 < 2
