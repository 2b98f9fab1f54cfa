-- Lines of calls, and of what calls without saying so, and the functions that run there.
WITH
labels AS (
    SELECT d.def_id, f.path || '::' || replace(d.qualname, '.<locals>', '') AS label, d.start_line
    FROM defs d JOIN repo_files f ON f.file_id = d.file_id
),
defined AS (
    SELECT def_id, CASE WHEN count(*) OVER (PARTITION BY label) > 1
        THEN label || '@' || start_line ELSE label END AS name
    FROM labels
)
SELECT DISTINCT 'call' AS kind, f.path || ':' || s.start_line AS "from", d.name AS "to"
FROM edges e JOIN syntax_nodes s ON s.node_id = e.src JOIN repo_files f ON f.file_id = s.file_id
JOIN defined d ON d.def_id = e.dst
WHERE e.kind IN ('CALL', 'IMPLICIT_CALL')
ORDER BY 1, 2, 3
