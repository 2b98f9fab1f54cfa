def f(): return f()
f = f
g = lambda: g()
x = x
del f
f = [f]
f.f = f
f.append(f)
