a
bc
