SELECT path, n_lines, encoding, newline, module, parse_status, n_errors FROM repo_files ORDER BY path
