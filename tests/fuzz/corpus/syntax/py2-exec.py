exec 'x' in {}
try: pass
except E, e: raise E, 'x', tb
print >>f, `x`, 0777, 10L, ur'x', a <> b
