-- Every edge at one call site (the call with the most arguments), and the rule that made it.
WITH site AS (
    SELECT src AS node_id
    FROM edges
    WHERE kind = 'ARGUMENT'
    GROUP BY src
    ORDER BY count(*) DESC, src
    LIMIT 1
)
SELECT f.path || ':' || call.start_line AS at,
       e.kind,
       CASE WHEN e.src = site.node_id THEN 'out' ELSE 'in' END AS direction,
       other.kind AS other_kind,
       other.name AS other_name,
       e.confidence,
       e.rule_name
FROM site
JOIN nodes call ON call.node_id = site.node_id
JOIN repo_files f ON f.file_id = call.file_id
JOIN edges e ON e.src = site.node_id OR e.dst = site.node_id
JOIN nodes other ON other.node_id = CASE WHEN e.src = site.node_id THEN e.dst ELSE e.src END
ORDER BY direction DESC, e.kind, other.start_byte
LIMIT 40;
