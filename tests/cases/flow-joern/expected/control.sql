SELECT s.qualname, a.block_kind || coalesce(':' || a.start_line, '') AS block,
    c.block_kind || coalesce(':' || c.start_line, '') AS controller, d.kind
FROM control_deps d
JOIN cfg_blocks a ON a.block_id = d.block_id
JOIN cfg_blocks c ON c.block_id = d.controller_id
JOIN scopes s ON s.scope_id = a.scope_id
ORDER BY d.block_id, d.controller_id
