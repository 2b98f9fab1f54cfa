while a:
  b
else: c

for a, *b in c, *d:
  e
else: f

async def f():
  async for a in b: pass
  async with a as b: pass
  await c

try: a
except B: c
except D as e: f
except: g
else: h
finally: i

try: a
except B, C: d

try: a
except* (B, C) as d: e
except* F, G: h

with a as b, c, d() as (e, f): g

with (a as b, c,): d

with (a, b) as c: d

with (a): b

with (a)(b) as c, (d): e

with (yield): a

def f(a, b: int = 1, /, c=2, *d: *Ts, e, g=3, **h) -> i: j

def f(*, a, b=1): pass
