SELECT path, start_line, start_column, literal_kind, text FROM literals JOIN repo_files USING (file_id)
ORDER BY path, start_byte
