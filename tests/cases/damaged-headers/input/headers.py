import os

def no_colon(a, b)
    x = a
    return x

def py2(a, (b, c)):
    return a

def garbage(a b):
    return a

def bad_result(a) -> :
    return a

def unclosed(a, b:
    return b

def no_default(a, b=, c=1):
    return b

def stars(a, *b: c d, **e):
    return b

class NoColon(Base)
    attr = 1
    def m(self):
        return self.attr

class Unclosed(Base:
    def n(self):
        return 1

async def waits(a)
    await a

def inside(v):
    if v
        return 1
    elif v == 2
        return 2
    else
        x = 3
    while v:
        x = 4
    else y:
        x = 5
    if v:
        x = 6
    elif ]:
        return 5
    for q in ]:
        return 6
    for i in v
        break
    try
        x = 7
    except ValueError
        return 8
    return x

elif os:
    return 9

print(no_colon)
