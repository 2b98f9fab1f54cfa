SELECT s.start_line AS line, s.start_column AS "column", e.kind, e.method, d.qualname AS runs
FROM edges e JOIN syntax_nodes s ON s.node_id = e.src JOIN defs d ON d.def_id = e.dst
WHERE e.kind IN ('CALL', 'IMPLICIT_CALL')
ORDER BY ALL
