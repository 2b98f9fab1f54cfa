"""Which definitions reach which uses: a construct each."""
import os
import a.b, c as d


def kill(x):
    x = 1
    return x


def delete(x):
    del x
    return x


def maybe_deleted(x, flag):
    if flag:
        del x
    return x


def branch(flag):
    if flag:
        x = 1
    else:
        x = 2
    return x


def unbound(flag):
    if flag:
        x = 1
    return x


def loop(items):
    x = 0
    for i in items:
        x = x + i
    return x, i


def loop_else(items):
    for i in items:
        x = 1
        break
    else:
        x = 2
    return x


def while_true():
    while True:
        x = next()
        if x:
            break
    return x


def augmented(x):
    x += 1
    return x


def chained():
    x = y = 1
    (p, [q, *r]) = x, y
    return p, q, r


def walrus(a):
    if (n := len(a)) > 1 and (m := n):
        return n, m
    return n, m


def try_values():
    x = 0
    try:
        x = risky()
        x = 2
    except ValueError as e:
        return x, e
    else:
        x = 3
    finally:
        seen = x
    return x, seen


def handler_name_is_gone(e):
    try:
        risky()
    except OSError as e:
        pass
    return e


def nested_finally():
    x = 1
    try:
        try:
            return risky(x)
        finally:
            x = 2
    finally:
        use(x)


def with_as(cm):
    with cm as f, f.more as g:
        x = f, g
    return x


def match_values(s):
    match s:
        case [x, y] | (x, y):
            pass
        case {"k": x, **rest} if rest:
            y = x
        case x:
            y = 0
    return x, y


def cells(a):
    def inner():
        nonlocal a
        a = 2
        return a
    inner()
    return a


def comprehension(items, y):
    return [(x, y) for x in items if x for y in x]


def conditional(a):
    x = 1 if a else 2
    return x if a else (x := 3)


def imports():
    import os.path
    from sys import path as p
    return os, p


class Body:
    x = 1
    y = x

    def method(self):
        return x

    z = [x for _ in y]


def annotated():
    x: int
    y: int = 1
    return x, y


def asserted(x):
    assert x, (x := "no")
    return x


def dead_code():
    return 1
    x = 1
    return x


async def asynchronous(source):
    async for x in source:
        y = await x
    return x, y


lam = lambda a, b=os: (a, b, d)
for lam in (lam, a): pass
print(lam)
