x = t'{a}'
try: pass
except A, B: pass
