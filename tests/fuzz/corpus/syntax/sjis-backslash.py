# coding: shift_jis
s = '表'
x = 1
