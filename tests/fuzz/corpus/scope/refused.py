nonlocal n
def f(a, a):
    x
    global x, a
    nonlocal missing
    from m import *
    x: int
class C:
    [y := 1 for z in w]
    return await q
while 1:
    def g(): break
yield
type X[T, T] = T
