SELECT name, start_line, damaged FROM defs ORDER BY start_byte
