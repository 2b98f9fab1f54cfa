def f(:
    try:
        x = 
    finally
        return x
with : 
    x
match x:
    case (:
        pass
break
continue
return
for x in y: z +
