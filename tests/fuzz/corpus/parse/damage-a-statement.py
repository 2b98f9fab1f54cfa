a
b c
d
