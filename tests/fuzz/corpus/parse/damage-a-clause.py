if a:
  b
elif c d:
  e
else:
  f
g
