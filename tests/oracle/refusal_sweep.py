# SPDX-License-Identifier: Apache-2.0
"""refusal_sweep.py - for refusals.py: what compilers refuse, in every place where it may stand.

Expressions in expressions, in statements, in blocks, by chance; the same ones for a seed.
"""
import random

EXPRESSIONS = [
    "a", "(x := 1)", "(yield)", "(yield a)", "(yield from a)", "(await a)", "[x async for x in a]",
    "(x async for x in a)", "{x: x async for x in a}", "[x for x in (y := a)]", "[(x := 1) for z in a]",
    "[x := 0 for x in a]", "[[(x := 0) for i in a] for x in a]", "lambda x: (yield)", "lambda: (x := 1)",
    "lambda x, x: 0", "f(a=1, a=2)", "f(**a, *b)", "f(*a, b=1, **c)", "__debug__", "(__debug__ := 1)",
    "[i for i in [j for j in a if (j := 1)]]", "[await x for x in a]", "(await x for x in a)",
    "[x for x in await a]", "[x for x in a if await b]", "[(yield) for x in a]", "[x for x in (yield)]",
    "{**a, 'b': (y := 2)}", "(*a, b)", "f'{(x := 1)}'", "f'{(yield)}'", "f'{await a}'",
    "a if (x := b) else c", "[lambda: (x := 1) for x in a]", "[(lambda: x) for x in a if (q := x)]",
    "super().__init__", "__class__", "T", "not a", "[i async for i in a for j in b]",
    "[[i async for i in a] for j in b]", "[[i for i in a] async for j in b]", "(lambda: (await a))",
    "((i async for i in a) for j in b)", "[i for i in (j async for j in a)]",
    "[i for i in [j async for j in a]]", "x",
]
AROUND_EXPRESSIONS = [
    "{}", "[{} for i in r]", "[i for i in {}]", "[i for i in r if {}]", "[i for i in r for j in {}]",
    "[(lambda: {}) for i in r]", "lambda: {}", "lambda k={}: k", "f({})", "f'{{{}}}'", "({} if a else b)",
    "({} for i in r)", "{{{}: 1 for i in r}}", "[{} async for i in r]", "(y := {})",
    "[i async for i in {}]", "a[{}]",
]
AROUND = [
    "{}", "x: {}", "x: {} = 1", "def f(p: {}): pass", "def f(p={}): pass", "def f() -> {}: pass",
    "@{}\ndef f(): pass", "class C({}): pass", "class C(m={}): pass", "type X = {}", "type X[T: {}] = 1",
    "type X[T = {}] = 1", "def f[T: {}](): pass", "def f[T](p: {}): pass", "def f[T](p={}): pass",
    "class C[T: {}]: pass", "class C[T]({}): pass", "class C[T = {}]: pass", "del {}", "for {} in a: pass",
    "for q in {}: pass", "with {} as q: pass", "with a as {}: pass", "{} = 1", "{} += 1", "{}: int = 1",
    "match {}:\n case 1: pass", "match a:\n case 1 if {}: pass", "assert {}", "return {}", "raise {}",
    "global x\n{}", "async with {} as q: pass", "async for q in {}: pass", "import a\n{}",
    "try: pass\nexcept {}: pass", "try: pass\nexcept* {}: pass", "while {}: pass", "@a\nclass C({}): pass",
    "print({}, file=x)",
]
# 3.14 does not look at them, in a module or class, and what it takes is not told.
ANNOTATED = [
    "x.y: {}", "(x): {}", "x[0]: {} = 1",
]
STATEMENTS = [
    "return", "return 1", "yield", "break", "continue", "nonlocal x", "global x", "nonlocal y", "x = 1",
    "del x", "x: int", "import x", "from a import *", "await a", "async for i in a: pass",
    "async with a: pass", "yield from a", "from __future__ import annotations",
    "from __future__ import nope", "import a.b as x", "class x: pass", "def x(): pass", "for x in a: pass",
    "with a as x: pass", "try: pass\nexcept: pass\nexcept E: pass", "try: pass\nexcept* E: break",
    "try: pass\nexcept* E:\n for i in a: continue", "try: pass\nexcept* E:\n def g(): return 1",
    "match a:\n case x: pass\n case _: pass", "match a:\n case x | y: pass", "match a:\n case (x, x): pass",
    "match a:\n case {'a': 1, 'a': 2}: pass", "match a:\n case x | 1: pass", "x += 1", "type x = 1",
    "type T = 1", "def g():\n nonlocal x", "def g():\n nonlocal T", "def g(x):\n global x",
    "class D:\n nonlocal x", "nonlocal __class__", "global __class__", "nonlocal T", "global T", "T = 1",
    "T: int", "del T", "for T in a: pass", "lambda: (yield)", "print(x)\nglobal x", "x = 1\nnonlocal x",
    "x: int\nglobal x", "*x, y = a", "*x, *y = a", "*x = a", "x, (*y, z) = a", "for *x in a: pass",
    "for *x, y in a: pass", "with a as (*x,): pass", "del *x, y", "del (x, [y])", "__debug__ = 1",
    "global __debug__", "nonlocal __debug__", "def g(__debug__): pass", "def g(x, *, x): pass",
    "def g(x, /, x): pass", "def g(*x, **x): pass", "def g[x, x](): pass", "def g[x](x): pass",
    "def g[__debug__](): pass", "def g[T](p: (y := 1)): pass", "x = yield", "x = await a",
    "async def g(): return 1; yield", "async def g(): yield from a", "async def g():\n yield\n return 1",
]
BLOCKS = [
    "{}", "def f():\n{}", "async def f():\n{}", "class C:\n{}", "def f(x):\n{}",
    "def f():\n x = 1\n def g():\n  {}", "class C:\n x = 1\n def g(self):\n  {}", "def f[T]():\n{}",
    "class C[T]:\n{}", "def f():\n x = 1\n class C:\n  {}", "while a:\n{}", "for x in a:\n{}",
    "for i in a: pass\nelse:\n{}", "try:\n{}\nfinally: pass", "try: pass\nfinally:\n{}",
    "while a:\n try: pass\n finally:\n  {}", "try: pass\nexcept* E:\n{}",
    "while a:\n try: pass\n except* E:\n  {}", "def f():\n try: pass\n except* E:\n  {}", "with a:\n{}",
    "if a:\n{}", "match a:\n case 1:\n  {}", "async def f():\n async with a:\n  {}",
    "def f():\n global x\n{}", "def f(y):\n def g():\n  nonlocal y\n  {}",
    "class C[T]:\n def f[U](self):\n  {}", "async def f():\n for i in a:\n  {}", "def f():\n x: int\n{}",
    "def f():\n import x\n{}", "def f():\n class C:\n  def m(self):\n   {}",
]


def inside(block, body):
    """The body where a block has its braces, as far to the right."""
    out = []
    for line in block.split("\n"):
        depth = len(line) - len(line.lstrip())
        if line.strip() == "{}":
            pad = " " * max(depth, block != "{}")
            out += [pad + one for one in body.split("\n")]
        else:
            out.append(line)
    return "\n".join(out)


def within(around, expression):
    return around.replace("{{", "\0").replace("}}", "\1").replace("{}", expression).replace(
        "\0", "{").replace("\1", "}")


def programs(seed, n, has_newest):
    chance, found = random.Random(seed), {}
    around = AROUND + ANNOTATED * has_newest
    while len(found) < n:
        if chance.random() < .65:
            text = chance.choice(EXPRESSIONS)
            for _ in range(chance.choice([0, 0, 1, 1, 2])):
                text = within(chance.choice(AROUND_EXPRESSIONS), text)
            text = chance.choice(around).replace("{}", text)
        else:
            text = "\n".join(chance.choice(STATEMENTS) for _ in range(chance.choice([1, 1, 1, 2, 2])))
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            text = inside(chance.choice(BLOCKS), text)
        found[text] = None
    return list(found)
