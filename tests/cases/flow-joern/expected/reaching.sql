SELECT s.qualname, b.name, u.start_line AS use_line, d.start_line AS def_line
FROM reaching_defs r
JOIN def_use_events u ON u.event_id = r.use_event_id
JOIN def_use_events d ON d.event_id = r.def_event_id
JOIN bindings b ON b.binding_id = u.binding_id
JOIN scopes s ON s.scope_id = b.scope_id
WHERE s.qualname <> ''
ORDER BY r.use_event_id, r.def_event_id
