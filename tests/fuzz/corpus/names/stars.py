before = 1
from m import *
after = before
after = used
from n import *
last = before, after


def f():
    return before, after, anything


class C:
    x = after
# A star may hide what stands before it, not what stands behind.
