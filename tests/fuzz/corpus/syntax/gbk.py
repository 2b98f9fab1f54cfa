# coding: gbk
s = '中文'
def 函数(): pass
