SELECT start_line, start_column, code, message FROM parse_errors ORDER BY start_byte
