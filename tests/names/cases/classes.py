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

    def mine(self):
        return __class__


later = 1
#: class 1 (Base@?) metaclass=M@?  __slots__ y __init__ make free items z w later mine | p _C__q v _C__w n
#: slot class@1 y 3
#: binding 3 y assign <int> int@?
#: binding 2 _C__q slots
# self is the first parameter, whatever its name; private names are those of the class.
#: binding 6 v self v@5
#: binding 7 _C__w self C@1() C@1
#: binding 13 n self c <int>
#: ref 7:13-16 attribute_store _C__w self@5._C__w
#: binding 5 self param self@1
#: binding 12 cls param cls@1
#: binding 20 me param self@1
#: binding 17 self param -
# A store on something else is none of the class's.
#: store 8 self@5.v z <int>
#: store 18 self@17 lost <int>
#: call 9 super@1:5.__init__()
#: function 5 *k 2 of 5,5,5,5,5 in 1 -1
#: function 12  1 of 12 in 1 -1 returns cls@12()
#: function 20 g 1 of 20 in 1 -1
# A comprehension sees its class only where its first iterable stands.
#: ref 23:9-10 name y y@?
#: ref 23:20-21 name y y@3
# __class__ in a method is the class.
#: ref 28:15-24 name __class__ __class__@1
# A name that the body has not bound yet is looked up outside.
#: ref 24:8-13 name later later@31
#: ref 25:12-13 name w w@24
