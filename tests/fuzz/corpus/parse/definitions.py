def f[T: (int, str), *Ts, **P](a: T): pass

class A[T](B, *c, metaclass=D, **e):
  x = 1

class A(): pass

@a
@b.c(1)
@(d := e)
async def f(): pass

match a:
  case 1 | -2.5 | 3+4j: pass
  case "a" "b" | None | A.b: pass

match a, *b:
  case [c, *_, d]: pass
  case e, *f: pass
  case (g): pass
  case (): pass

match a:
  case {}: pass
  case {"k": b, C.d: 1, **rest}: pass
