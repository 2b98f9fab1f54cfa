# coding: cp037
x = 1
