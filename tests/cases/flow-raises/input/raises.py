"""What fails in between, what cannot fail, and what inner code binds."""


def merged_in_dict(a):
    try:
        {**a, (x := 1): 2}
    except TypeError:
        return x


def hashed_before_a_mapping(a):
    try:
        {a: 1, **{2: (x := 2)}}
    except TypeError:
        return x


def merged_in_call(a):
    x = 0
    try:
        print(**a, end=(x := 1))
    except TypeError:
        return x


def named_before_a_mapping(a, b):
    x = 0
    try:
        print(**{}, end=b, **(x := a))
    except TypeError:
        return x


def merged_in_class(a):
    x = 0
    try:
        class C(**a, metaclass=(x := type)):
            pass
    except TypeError:
        return x


def formatted(a):
    x = 0
    try:
        "%s %-3r" % (a, (x := 1))
    except TypeError:
        return x


def formatted_at_the_end(a):
    x = 0
    try:
        "%s %d" % (a, (x := 1))
    except TypeError:
        return x


def hashed_behind_a_star(a):
    x = 0
    try:
        {*"a", a, (x := 1)}
    except TypeError:
        return x


def hashed_at_the_end(a):
    x = 0
    try:
        {a, (x := 1)}
    except TypeError:
        return x


def hashed_one_by_one(a):
    x = 0
    try:
        {a: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8,
         9: 9, 10: 1, 11: 1, 12: 1, 13: 1, 14: 1, 15: 1, 16: (x := 1)}
    except TypeError:
        return x


def cannot_fail(a, b):
    x = 0
    try:
        x = 1
        -1, not 1, ~2 + 3 * 4, 7 // 2, 1 << 3
        [], [a, b], {}, {1: a, "b": b}, {1, 2}, (a, *[b])
        a is None, b is not a, not (a is b), not [a]
        "ab"[0], (1, 2)[-1], b"ab"[1], f"{1}"
        a, b = b, a
        (a, (b, *x)), c = (1, (2, 3, 4)), 5
        for x in (a, b):
            if a is None or [b]:
                pass
        x = 2
    except TypeError:
        return x


def can_fail(a, b):
    try:
        x = 1
        "ab"[2]
        x = 2
        1 // 0
        x = 3
        -a
        x = 4
        not a
        x = 5
        (a, b) = 1, *a
        x = 6
        {a: 1}
        x = 7
        {a}
        x = 8
        f"{a}"
        x = 9
        1 if (b := a) else 2
        x = 10
        0 ** -1
        x = 11
        a, b = 1, 2, 3
        x = 12
    except TypeError:
        return x


def in_a_comprehension(a):
    if any((x := b) for b in a):
        return x
    x = 0
    [x := b for b in a if (y := b)]
    return x, y


def in_a_class(a):
    x = y = z = w = 0

    class C:
        nonlocal x, y, z, w
        x = 1
        if a:
            y = 1
        else:
            del z

        class D:
            nonlocal w

            def w():
                y = 2

    return x, y, z, w


def in_a_class_that_fails(a):
    x = 0
    try:
        class C:
            nonlocal x
            x = a()
            a()
    except TypeError:
        return x


class Module:
    global known, unsure, lost
    known = 1
    if known:
        unsure = 1
    try:
        pass
    except Exception as lost:
        pass


print(known, unsure, lost, [under := 1 for _ in known], under)
