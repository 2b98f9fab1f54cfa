try:
  a
b
