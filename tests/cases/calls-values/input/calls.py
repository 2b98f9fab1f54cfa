# Calls that names alone do not tell.
from typing import NamedTuple


class Query:  # gives back itself: calls of other queries do not mix
    def where(self):
        return self

    def rows(self):
        return 1


class Safe(Query):
    def rows(self):
        return 2


run = [Query().where(), Safe().where()]
run[0].rows()
run[1].rows()


class Other:
    def __new__(cls):
        return super().__new__(cls)


class Pair(NamedTuple):  # __new__ of another class does not keep it from being made
    left: int

    @property
    def total(self):
        return self.left


Pair(1).total


class Meta(type):  # a class is an instance of it
    @property
    def tag(cls):
        return cls.name()

    def name(cls):
        return "m"


class Model(metaclass=Meta):
    pass


Model.tag


class Level:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return False

    @property
    def handler(self):  # read where it is called
        return other


def other():
    return 3


Level() != Level()
not Level()
Level().handler()
