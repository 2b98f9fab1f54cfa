import elsewhere.things as t


class A(t.Thing):
    pass


class B(A, t.Other):
    pass
