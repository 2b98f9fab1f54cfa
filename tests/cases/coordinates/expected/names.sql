SELECT path, start_byte, end_byte, start_line, start_column, name FROM name_refs JOIN repo_files USING
(file_id) ORDER BY path, start_byte
