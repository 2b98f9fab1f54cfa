def ok(): return 1
def broken(:
x =
def after(): return ok()
