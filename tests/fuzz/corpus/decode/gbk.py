# coding: gbk
s = '中文'
