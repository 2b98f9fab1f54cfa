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
#: slot module before 1,2*,5*
#: slot module after 4,5*
#: slot module * 2*,5*
#: ref 3:8-14 name before before@1,2*
#: ref 4:8-12 name used used@2*?
#: ref 6:7-13 name before before@1,2*,5*
#: ref 6:15-20 name after after@4,5*
#: ref 10:26-34 name anything anything@2*,5*?
#: ref 14:8-13 name after after@4,5*
#: import 2 0:m *
#: binding 5 * star
