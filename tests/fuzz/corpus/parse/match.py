match a:
  case B(): pass
  case b.C(1, d, e=2 as f): pass

match (a):
  case _ if b: c
  case (d | e) as f if (g := h): i

match a,:
  case b,: pass

a or b or c and not d

a < b <= c != d is not e not in f is g in h == i > j >= k

a + b * c ** -d // e % f @ g - h / i

-a ** -b ** c
