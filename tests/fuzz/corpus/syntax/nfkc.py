ﬁ = 1
print(fi)
class A:
    def ª(self): pass
A().a()
