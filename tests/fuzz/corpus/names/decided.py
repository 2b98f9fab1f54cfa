import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from m import T
if sys.version_info >= (3, 8):
    new = 1
else:
    new = 2
    use = new
if sys.version_info[:2] < (3, 14):
    old = 1
if sys.version_info < (3,):
    dead = 1
if sys.platform == "win32" and sys.version_info >= (3, 0):
    os_name = 1
elif sys.platform.startswith("lin"):
    os_name = 2
else:
    os_name = 3
if TYPE_CHECKING:
    both = 1
else:
    both = 2
if sys.version_info >= (3, 13):
    edge = 1
else:
    edge = 2
if sys.version_info > (3, 13):
    beyond = 1
else:
    beyond = 2
value = 1 if sys.version_info[0] == 3 else "two"; typed = 1 if TYPE_CHECKING else "two"


def f():
    return new, dead, os_name
# What is decided against does not hold in the end, but is still there.
# Dead code sees its own.
# Of TYPE_CHECKING both hold.
# A version is (3, 13, 0) or more, and greater than its first two numbers.
