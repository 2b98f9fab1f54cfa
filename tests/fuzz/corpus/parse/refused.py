a b
1 = a
f() = a
a + b += c
(a, b) += c
(a, b): c
a: b: c
del f()
del (a, 1)
for f() in a: b
with a as 1: b
(a := 1) = b
a := 1
f(a=1, b)
f(**a, b)
f(**a, *b)
f(a for b in c, d)
f(a, b for c in d)
f(1=2)
f(None=1)
def f(a=1, b): pass
def f(a, a=1, /, /): pass
def f(*): pass
def f(*, **a): pass
def f(**a, b): pass
def f(*a, *b): pass
def f(**a=1): pass
def f(*a=1): pass
lambda *: a
class A(b for c in d): pass
import a as b.c
import
from . import *, a
from a import (b
from a import ()
from a import b,
global a.b
return = 1
a if b
not
print(*)
[*a for b in c]
{**a for b in c}
{a: b, c}
{a: *b}
(*a)
a[b:=c:d]
None = 1
x.None
True: int
async a
try: a
except B, C as d: e
try: a
except: b
except* C: d
try: a
except*: b
@a b
def c(): pass
match a:
  case -b: c
match a:
  case 1 + 2: c
match a:
  case {**b, 'c': d}: e
match a:
  case B(c=d, e): f
if a = 1: b
while a
with a, : b
0777
0xg
0b2
0o8
1_
1__0
1e
1e+
1.5.5
12abc
'a
"\xff" 'b' b'c'
b'é'
'\x1'
u'\U00110000'
'\N{}'
f'{}'
f'{a!x}'
f'{a!}'
f'{a'
f'a}'
f'{a b}'
f'{a:{b}'
f'{*}'
t'a' 'b'
$
a ? b
a b
é€ = 1
(]
(a))
a = \ b
if a:
b
if a:
	b
        c
	d
if a:
        b
	c
  a
a
  b