"""What Joern gets wrong, one function each."""


def raise_leaves(a):
    if a:
        raise ValueError
        dead(a)
    return a


def loop_else(items):
    for item in items:
        if item:
            break
    else:
        missed(items)
    while items:
        items.pop()
    else:
        emptied(items)


def anywhere_in_try():
    a = 1
    try:
        a = first()
        a = second()
        b = 3
    except OSError:
        use(a)
    return a


def returns_through_finally(a):
    try:
        if a:
            return early(a)
        a = 2
    finally:
        close(a)
    after(a)


def keyword_only(a, *, k: int = 1, **rest: str):
    return k, rest


def starred(*args: int):
    return args


async def asynchronous(source, lock):
    async for item in source:
        async with lock as held:
            await item.run(held)
    return [i async for i in source if await i]


def matching(subject):
    match subject:
        case [x, *rest] if x > 1:
            return x, rest
        case {"k": v, **more}:
            return v, more
        case str() | bytes() as text:
            return text
        case _:
            other = subject
    return other


def generator(n):
    while n:
        got = yield n
        n = got or n - 1


def with_may_swallow(lock):
    with lock:
        value = compute()
    return value
