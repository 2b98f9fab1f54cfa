SELECT path, start_line, block_kind FROM dead_code ORDER BY start_line
