SELECT path, start_line, start_column, code, message FROM parse_errors JOIN repo_files USING (file_id)
ORDER BY path, start_byte
