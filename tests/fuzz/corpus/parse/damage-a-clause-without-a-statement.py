else:
  a
b
