f(a for a in b)

f(match=1, type=2, _=3)

a.b[c].d[e, f]

a[:]; a[b:c]; a[::d]; a[b:c:d, ...]; a[*e, f:]

()
(a,)
a,
(a, *b)

[], [a, *b], {a, *b}

{}, {a: b, **c, d: e}

[a for b in c if d if e for f in g]

{a for a in b}, {a: b for a, b in c}

(a async for a in b)

1, 0x1F, 1.5, 2j, "a", b"b", True, False, None, ...

"a" 'b' """c"""

f"a{b}c{d!r:>{e}}"

f"{a = }{b=!s}"

f"{f"{a["b"]}"}"

f"{{{a}}}"

"a" f"{b}" "c"

f"""{
  a  # c
}"""
