# -*- coding: latin-1 -*-
name = "é"; after = 1
