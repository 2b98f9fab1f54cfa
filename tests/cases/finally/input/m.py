def runs():
    try:
        return 1
    finally:
        done()


def raises():
    try:
        raise ValueError
    finally:
        x = done()


def dead():
    return 1
    try:
        f()
    finally:
        never()


def rest():
    while True:
        try:
            continue
        finally:
            done()
    never()
