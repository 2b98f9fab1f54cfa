SELECT start_line, import_kind, module, name, alias, level, is_star, end_byte - start_byte AS n_bytes
FROM imports ORDER BY start_byte
