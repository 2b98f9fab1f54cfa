f"{(lambda a: b)}{c:d}"

rf"\{a}\d{b:\x}"

t"a{b!r:c}" t"d"

a.b().c[d]().e

((a)) + (b)

def f():
  return *a, b

class A:
  class B:
    def f(self):
      if a:
        pass
    x: int
  y = 1

# a

def f():  # b

  # c
  pass
# d

a = b + \
  c
d = (e
  + f)
