-- What the names of a case may stand for, by lines: every binding on the way counts, but stars. A module is at
-- the first line of its text, behind the header of its fragment. A caret may point at any byte of a
-- name, so each has a row.
WITH
starts AS (
    SELECT n.file_id, min(n.start_line) AS line
    FROM (SELECT file_id, start_line FROM syntax_nodes WHERE ast_class <> 'Module'
        UNION ALL SELECT file_id, start_line FROM comments
        WHERE NOT regexp_matches(text, '^#\s*-+\s*(path|global):')) n
    GROUP BY n.file_id
),
names AS (
    SELECT t.node_id, t.start_byte, t.end_byte, t.target_id, s.file_id,
        f.path, l.line, t.start_byte - l.start_byte AS first_column
    FROM name_targets t JOIN syntax_nodes s ON s.node_id = t.node_id
    JOIN repo_files f ON f.file_id = s.file_id
    ASOF JOIN line_index l ON l.file_id = s.file_id AND l.start_byte <= t.start_byte
    LEFT JOIN imports i ON i.import_id = t.target_id AND i.is_star
    WHERE t.target_id IS NOT NULL AND i.import_id IS NULL
),
lines AS (
    SELECT DISTINCT n.node_id AS target_id, f.path,
        CASE WHEN n.ast_class = 'Module' THEN coalesce(s.line, 1) ELSE n.start_line END AS line
    FROM syntax_nodes n JOIN repo_files f ON f.file_id = n.file_id
    LEFT JOIN starts s ON s.file_id = n.file_id
    WHERE n.node_id IN (SELECT target_id FROM names)
)
SELECT DISTINCT 'name' AS kind, n.path || ':' || n.line || ':' || (n.first_column + u.i) AS "from",
    l.path || ':' || l.line AS "to"
FROM names n JOIN lines l ON l.target_id = n.target_id,
    unnest(range(n.end_byte - n.start_byte)) AS u(i)
ORDER BY 1, 2, 3
