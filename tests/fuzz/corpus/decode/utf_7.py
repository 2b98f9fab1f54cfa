# coding: utf-7
s = '+AOnYPd4AACs-'
