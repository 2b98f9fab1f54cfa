SELECT path, start_line, start_column, name, context FROM name_refs JOIN repo_files USING (file_id)
ORDER BY path, start_byte
