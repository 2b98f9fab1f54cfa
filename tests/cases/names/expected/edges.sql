SELECT count(*) FILTER (WHERE qname IS NOT NULL) AS n_named, (SELECT count(*) FROM edges WHERE kind = 'CALLS_QNAME') AS n_edges,
       (SELECT count(*) FROM nodes WHERE kind = 'QUALIFIED_NAME' AND (name LIKE '.%' OR name LIKE 'builtins.\_\_f%' ESCAPE '\')) AS n_false
FROM rel_call_qname
