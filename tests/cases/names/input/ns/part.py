from .other import e
e()
