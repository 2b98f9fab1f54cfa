%matplotlib inline
!ls
x = 1
?x
