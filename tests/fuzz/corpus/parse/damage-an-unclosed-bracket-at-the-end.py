a
b(c
