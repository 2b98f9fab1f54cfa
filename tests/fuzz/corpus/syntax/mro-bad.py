class A(A): pass
class B(C): pass
class C(B): pass
class X: pass
class Y(X): pass
class Z(X, Y): pass
class W(W2, metaclass=W): W2 = 1
