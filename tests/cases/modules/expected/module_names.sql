SELECT path, position, name, n.source_root, reason FROM module_names n JOIN repo_files f ON f.file_id = n.file_id
ORDER BY path, position
