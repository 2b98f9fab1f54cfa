SELECT name, start_line AS line, count(*) AS n, count(*) FILTER (WHERE is_live) AS n_live FROM event_blocks e
JOIN syntax_nodes s ON s.node_id = e.node_id WHERE name IN ('done', 'x', 'never') GROUP BY ALL ORDER BY line, name
