# -*- coding: latin-1 -*-
s = 'é'; é = 1
