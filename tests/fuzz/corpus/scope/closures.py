from __future__ import annotations
import a.b, c as d
class _C[T: int = str](Base[T], metaclass=M):
    __x: T = 1
    type A[K] = dict[K, T]
    def __m[**P](self, *a: P.args, k=lambda: __x, **kw) -> A:
        nonlocal_ = [(y := z) for z in (w for w in a) if (lambda q: q + y)(z)]
        def inner():
            nonlocal nonlocal_
            global g
            nonlocal_, g = super().__m(), __class__
            return {u: v async for u, v in d}
        return inner
    (x): int
match s:
    case {"k": [first, *rest], **more} | C(k=value) as whole if value: pass
try: pass
except E as e: del e
[i := 1 for i in (j := [1])]
