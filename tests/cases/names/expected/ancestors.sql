SELECT path, d.qualname AS class, position, a.qualname AS ancestor, external, base_position FROM class_mro m
JOIN defs d ON d.def_id = m.class_id LEFT JOIN defs a ON a.def_id = m.ancestor_id JOIN repo_files f ON f.file_id = m.file_id
ORDER BY path, m.class_id, position
