𝐱 = 1; 𠀋 = 2
print(x, 𠀋)
