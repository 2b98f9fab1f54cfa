pass; break; continue

return
return 1, *a

raise
raise a from b

global a, b
nonlocal c

assert a, b

import a, b.c as d

from .. import a
from ...b.c import (d as e, f,)
from g import *

type X[T: int = str, *Ts = *a, **P = [int]] = T

type = type[a]

match = case
match(a)
match[a]

if a:
  b
elif c: d
else:
  e
