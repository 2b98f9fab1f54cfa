# coding: shift_jis
s = '表'
