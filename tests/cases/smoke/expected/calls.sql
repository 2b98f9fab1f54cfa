SELECT start_line, start_column, callee_shape, callee_text, n_positional, n_keyword, has_star,
       has_double_star, callee_name_start_byte - start_byte AS callee_name_at
FROM calls ORDER BY file_id, start_byte, end_byte
