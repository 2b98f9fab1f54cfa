async = 1
await = 2
print(nonlocal)
