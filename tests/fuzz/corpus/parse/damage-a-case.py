match a:
  case b c: d
  case e: f
  g
h
