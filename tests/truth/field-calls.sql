-- What names stand for, what calls run, what classes derive from and members override, in the
-- suite's names, the likely ones where there are weaker ones beside: a place is FILE:LINE:COLUMN, a call FILE@START-END, a definition FILE::NAME, with its
-- line behind it where the file has several of that name.
WITH
defined AS (
    SELECT d.def_id, f.path || '::' || replace(d.qualname, '.<locals>', '') AS name, d.start_line,
        d.def_kind
    FROM defs d JOIN repo_files f ON f.file_id = d.file_id
),
labels AS (
    SELECT def_id, CASE WHEN count(*) OVER (PARTITION BY name) > 1 OR def_kind = 'lambda'
        THEN name || '@' || start_line ELSE name END AS label
    FROM defined
),
names AS (
    SELECT f.path, l.line, t.start_byte - l.start_byte AS first_column, t.target_id
    FROM name_targets t JOIN syntax_nodes s ON s.node_id = t.node_id
    JOIN repo_files f ON f.file_id = s.file_id
    ASOF JOIN line_index l ON l.file_id = s.file_id AND l.start_byte <= t.start_byte
    WHERE t.target_id IS NOT NULL AND t.is_final AND t.rank = (SELECT min(b.rank)
        FROM name_targets b WHERE b.node_id = t.node_id AND b.start_byte = t.start_byte AND b.is_final)
)
SELECT DISTINCT 'def' AS kind, n.path || ':' || n.line || ':' || n.first_column AS "from",
    f.path || ':' || s.start_line AS "to"
FROM names n JOIN syntax_nodes s ON s.node_id = n.target_id
JOIN repo_files f ON f.file_id = s.file_id
UNION ALL
SELECT DISTINCT CASE WHEN e.kind = 'CALL' THEN 'call' WHEN e.method = 'callback' THEN 'via' ELSE 'implicit' END,
    f.path || '@' || s.start_byte || '-' || s.end_byte, l.label
FROM edges e JOIN syntax_nodes s ON s.node_id = e.src JOIN repo_files f ON f.file_id = s.file_id
JOIN labels l ON l.def_id = e.dst
WHERE e.kind IN ('CALL', 'IMPLICIT_CALL')
UNION ALL
SELECT DISTINCT 'base', c.label, b.label
FROM class_mro m JOIN labels c ON c.def_id = m.class_id JOIN labels b ON b.def_id = m.ancestor_id
WHERE m.base_position IS NOT NULL
UNION ALL
SELECT DISTINCT 'override', m.label, o.label
FROM overrides v JOIN labels m ON m.def_id = v.member_id JOIN labels o ON o.def_id = v.overridden_id
ORDER BY 1, 2, 3
