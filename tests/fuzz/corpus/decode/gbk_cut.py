# coding: gbk
s = '中�