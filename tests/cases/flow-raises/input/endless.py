def straight(a):
    while True:
        if a:
            a = 1
        a = 2


def twofold(a):
    if a:
        while True:
            while True:
                a = 1
                if a:
                    break
            a = 2
    return a
