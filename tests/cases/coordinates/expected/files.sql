SELECT path, size_bytes, n_lines, encoding, has_bom, newline, parse_status, n_errors FROM repo_files
ORDER BY path
