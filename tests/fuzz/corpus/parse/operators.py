a | b ^ c & d << e >> ~f

not -+~a

a if b else c if d else e

lambda: a
lambda a, /, b=1, *c, d, **e: f if g else h

(a := b)
f(a := b)
c[a := b, d]
{e := f, g}

await a ** b

yield
yield a, *b
yield from c
d = yield e

f(a, *b, c=d, **e)(*g)
