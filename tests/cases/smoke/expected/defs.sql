SELECT path, start_line, start_column, end_line, def_kind, qualname, n_params, n_decorators
FROM defs JOIN repo_files USING (file_id) ORDER BY path, start_byte
