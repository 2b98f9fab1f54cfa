# coding: ascii
# é
