SELECT s.qualname, x.place AS src, y.place AS dst, e.kind
FROM cfg_edges e
JOIN cfg_blocks a ON a.block_id = e.src_block_id
JOIN scopes s ON s.scope_id = a.scope_id
JOIN (SELECT b.block_id, b.block_kind || coalesce(':' || b.start_line, '') ||
        CASE WHEN b.is_live THEN '' ELSE ' (dead)' END AS place FROM cfg_blocks b) x
    ON x.block_id = e.src_block_id
JOIN (SELECT b.block_id, b.block_kind || coalesce(':' || b.start_line, '') ||
        CASE WHEN b.is_live THEN '' ELSE ' (dead)' END AS place FROM cfg_blocks b) y
    ON y.block_id = e.dst_block_id
WHERE s.qualname <> ''
ORDER BY e.src_block_id, e.dst_block_id
