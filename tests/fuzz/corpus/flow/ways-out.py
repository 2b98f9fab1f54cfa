def f(a, b=1, *c, d, **e):
    for i in a:
        with b as x, d:
            try:
                if i: return x
                elif b: break
                elif c: continue
                else: raise E from x
            except (A, B) as e:
                e.x = del_
            except: raise
            else: y = 1
            finally:
                while y: y -= 1
                else: z = y
    else:
        del a, b[0]
    return z
