SELECT start_line, end_line FROM syntax_nodes WHERE ast_class = 'Error' ORDER BY start_byte
