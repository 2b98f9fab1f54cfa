SELECT path, m.module, package, module_kind, source_root FROM modules m JOIN repo_files USING (file_id)
ORDER BY path
