class C(Base, metaclass=M):
    __slots__ = ("p", "__q")
    y: int = 3

    def __init__(self, v, *args, k=None, **kw):
        self.v = v
        self.__w: C = C()
        self.v.z = 1
        super().__init__()

    @classmethod
    def make(cls):
        cls.n = 1
        return cls()

    @staticmethod
    def free(self):
        self.lost = 1

    def items(me):
        yield [t for t in me.v]

    z = [y for _ in y]
    w = later
    later = w


later = 1
# self is the first parameter, whatever its name; private names are those of the class.
# A store on something else is none of the class's.
# A comprehension sees its class only where its first iterable stands.
# A name that the body has not bound yet is looked up outside.
