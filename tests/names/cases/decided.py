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
#: binding 5 T from t
#: import 5 0:m T  t
#: slot module new 7
#: binding 9 new assign d <int>
#: ref 37:11-14 name new new@7
# Dead code sees its own.
#: ref 10:10-13 name d new new@9
#: slot module old 12
#: slot module dead 14
#: slot module os_name 18
#: binding 16 os_name assign d
#: binding 20 os_name assign d
# Of TYPE_CHECKING both hold.
#: slot module both 22,24
#: binding 22 both assign t <int>
#: binding 24 both assign <int>
# A version is (3, 13, 0) or more, and greater than its first two numbers.
#: slot module edge 26
#: slot module beyond 30
#: binding 33 value assign <int> -
#: binding 33 typed assign {<int> | <str>} -
