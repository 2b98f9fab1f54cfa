
a; b;

a = b = 1

a, *b = c

a.b[c], [d] = e

a: int

(a.b): int = yield

a: t = 1, *b

a.b @= c, d

a += b; a -= b; a *= b; a /= b; a //= b; a %= b; a **= b; a >>= b; a <<= b; a &= b; a ^= b; a |= b

del a, (b.c, [d[0]]),
