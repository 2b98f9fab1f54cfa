from .x import e
e()
