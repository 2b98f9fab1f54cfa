def f():
    return '''a
b'''

f()
