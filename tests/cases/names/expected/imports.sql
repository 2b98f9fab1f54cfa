SELECT path, written, target, bound, status, status_reason AS reason FROM rel_import_target JOIN imports USING (import_id)
JOIN repo_files USING (file_id) ORDER BY path, import_id
