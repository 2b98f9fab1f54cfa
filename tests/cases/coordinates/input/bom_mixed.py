x = "é"; y = 1
if x:    pass
z = 3