SELECT e.kind, s.kind AS src_kind, d.kind AS dst_kind, count(*) AS n
FROM edges e JOIN nodes s ON e.src = s.node_id JOIN nodes d ON e.dst = d.node_id
GROUP BY ALL ORDER BY ALL
