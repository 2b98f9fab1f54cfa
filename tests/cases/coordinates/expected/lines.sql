SELECT path, line, start_byte, l.newline FROM line_index l JOIN repo_files USING (file_id)
ORDER BY path, line
