print 'a'
exec 'b' in {}
def f((a, b)):
  raise E, 'c'
d
