SELECT s.qualname, n.name, u.start_line AS line, u.event_kind, u.is_own
FROM def_use_events u
JOIN cfg_blocks b ON b.block_id = u.block_id
JOIN scopes s ON s.scope_id = b.scope_id
LEFT JOIN bindings n ON n.binding_id = u.binding_id
WHERE u.event_kind <> 'use' OR NOT u.is_own
ORDER BY u.event_id
