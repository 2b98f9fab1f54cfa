SELECT s.qualname, n.name, u.start_line AS line, u.start_column AS "column",
    string_agg(d.start_line, ' ' ORDER BY d.event_id) AS definitions, u.maybe_unbound
FROM def_use_events u
JOIN cfg_blocks b ON b.block_id = u.block_id
JOIN scopes s ON s.scope_id = b.scope_id
JOIN bindings n ON n.binding_id = u.binding_id
LEFT JOIN reaching_defs r ON r.use_event_id = u.event_id
LEFT JOIN def_use_events d ON d.event_id = r.def_event_id
JOIN repo_files f ON f.file_id = u.file_id
WHERE u.event_kind = 'use' AND u.is_own AND f.path = 'raises.py'
GROUP BY u.event_id, s.qualname, n.name, u.start_line, u.start_column, u.maybe_unbound
ORDER BY u.event_id
