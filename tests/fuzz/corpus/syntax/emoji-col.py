s = '😀'; f(s)  # call after astral char: UTF-16, code point and byte columns differ
