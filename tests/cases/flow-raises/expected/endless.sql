SELECT s.qualname, b.start_line AS line, b.block_kind, q.start_line AS post_dominator_line, q.block_kind AS post_dominator_kind
FROM cfg_blocks b
JOIN scopes s ON s.scope_id = b.scope_id
JOIN repo_files f ON f.file_id = b.file_id
LEFT JOIN post_dominators p ON p.block_id = b.block_id
LEFT JOIN cfg_blocks q ON q.block_id = p.post_dominator_id
WHERE f.path = 'endless.py' AND s.scope_kind = 'def'
ORDER BY b.block_id
