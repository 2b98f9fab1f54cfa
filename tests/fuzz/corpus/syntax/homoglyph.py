а = 1
a = 2
print(а)
