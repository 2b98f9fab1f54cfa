a
  b
  def f(): pass
c
