# coding: hz

s = '~{VPND~}~~'
