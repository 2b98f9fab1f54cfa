print()
aiter()
exit()
WindowsError()
frozendict()
execfile()
str.join()
__file__.split()
__import__('x')
class C:
    __qualname__.lower()
    def m(self):
        self.m()
        __qualname__.upper()
C()
def f(): pass
f()
f.cache()
v = f
v()
