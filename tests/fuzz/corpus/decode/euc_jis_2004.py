# coding: euc_jis_2004
s = '¤÷'
