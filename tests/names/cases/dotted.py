from m import A as X, B.C.D as Y, e.f
print(X, Y, e.f)
# Dots behind import are a mistake whose meaning is clear.
#: binding 1 X from
#: binding 1 Y assign module 0:m.B.C.D
#: binding 1 e assign module 0:m.e
#: import 1 0:m B as
#: import 1 0:m e
#: ref 1:22-23 attribute B module 0:m.B
#: ref 1:26-27 attribute D module 0:m.B.C.D
#: ref 1:31-32 definition Y 1
#: ref 1:36-37 attribute f module 0:m.e.f
#: ref 2:14-15 attribute f e@1.f
