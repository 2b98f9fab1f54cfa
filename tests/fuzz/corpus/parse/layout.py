a
bc

if a: b