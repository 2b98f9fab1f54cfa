SELECT s.qualname, dense_rank() OVER (PARTITION BY s.scope_id ORDER BY b.block_id) AS block,
    e.position, n.start_line AS line, n.ast_class, n.name, e.action, e.may_raise
FROM cfg_elements e
JOIN cfg_blocks b ON b.block_id = e.block_id
JOIN scopes s ON s.scope_id = b.scope_id
JOIN syntax_nodes n ON n.node_id = e.node_id
WHERE s.qualname <> ''
ORDER BY b.block_id, e.position
