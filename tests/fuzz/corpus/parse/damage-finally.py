try: a
finally b:
  c
d
