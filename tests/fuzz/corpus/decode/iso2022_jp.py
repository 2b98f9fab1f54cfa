# coding: iso2022_jp
s = '日本'
