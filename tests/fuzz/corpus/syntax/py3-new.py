type X[T] = list[T]
def f[T: int, *Ts, **P](x: T) -> T: ...
match x:
    case [a, *_] | {'k': a, **r} if (y := a): pass
try: pass
except* E: pass
print(f'{f'{x}'!r:>{w}}')
