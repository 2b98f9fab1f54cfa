-- Where each branching line can go, as coverage.py counts lines: a statement is on its first line,
-- decorators included; "exit" is the end of the code. A line that branches has two ways or more.
WITH RECURSIVE
-- The statement, clause or case that a node is a part of: a chain of parents.
inner_nodes AS (
    SELECT node_id, node_id AS statement_id, ast_class, parent_id, field FROM syntax_nodes
    UNION ALL
    SELECT i.node_id, p.node_id, p.ast_class, p.parent_id, p.field
    FROM inner_nodes i JOIN syntax_nodes p ON p.node_id = i.parent_id
    WHERE NOT (i.field IN ('body', 'orelse', 'finalbody', 'handlers', 'cases')
        AND p.ast_class NOT IN ('Lambda', 'IfExp'))
),
tops AS (
    SELECT i.node_id, i.statement_id, i.ast_class
    FROM inner_nodes i LEFT JOIN syntax_nodes p ON p.node_id = i.parent_id
    WHERE i.field IN ('body', 'orelse', 'finalbody', 'handlers', 'cases')
        AND p.ast_class NOT IN ('Lambda', 'IfExp')
),
first_lines AS (
    SELECT s.node_id, least(s.start_line, min(d.start_line)) AS line
    FROM syntax_nodes s LEFT JOIN syntax_nodes d
        ON d.parent_id = s.node_id AND d.field = 'decorator_list'
    GROUP BY s.node_id, s.start_line
),
places AS (
    SELECT t.node_id, t.ast_class AS statement_class, f.line
    FROM tops t JOIN first_lines f ON f.node_id = t.statement_id
),
-- What leaving a with statement or an except clause does is on no line of its own.
steps AS (
    SELECT e.block_id, e.position, p.line, p.statement_class
    FROM cfg_elements e JOIN places p ON p.node_id = e.node_id
    JOIN syntax_nodes s ON s.node_id = e.node_id
    WHERE e.action <> 'exit' AND NOT (e.action = 'delete' AND s.ast_class = 'ExceptHandler')
),
ends AS (
    SELECT b.block_id, min_by(s.line, s.position) AS first_line,
        max_by(s.line, s.position) AS last_line,
        max_by(s.statement_class, s.position) AS last_class, b.block_kind
    FROM cfg_blocks b LEFT JOIN steps s ON s.block_id = b.block_id
    WHERE b.is_live
    GROUP BY b.block_id, b.block_kind
),
ways AS (
    SELECT src_block_id, dst_block_id, kind FROM cfg_edges
    WHERE kind NOT IN ('exception', 'raise', 'reraise')
),
choices AS (
    SELECT w.src_block_id, w.dst_block_id, s.last_line AS line
    FROM ways w JOIN ends s ON s.block_id = w.src_block_id
    WHERE w.kind IN ('true', 'false', 'match_case')
        AND s.last_class IN ('If', 'While', 'For', 'AsyncFor', 'match_case')
),
-- From a choice on, as long as control stays on the line or passes empty blocks.
reached AS (
    SELECT src_block_id >> 24 AS file_id, line, dst_block_id AS block_id FROM choices
    UNION
    SELECT r.file_id, r.line, w.dst_block_id
    FROM reached r JOIN ends e ON e.block_id = r.block_id JOIN ways w ON w.src_block_id = r.block_id
    WHERE (e.first_line IS NULL AND e.block_kind <> 'exit')
        OR (e.first_line = r.line AND e.last_line = r.line)
),
next_lines AS (
    SELECT s.block_id, min_by(s.line, s.position) AS other_line, r.line
    FROM reached r JOIN steps s ON s.block_id = r.block_id
    WHERE s.line <> r.line
    GROUP BY s.block_id, r.line
),
targets AS (
    SELECT DISTINCT r.file_id, r.line,
        CASE WHEN e.block_kind = 'exit' THEN NULL ELSE n.other_line END AS target,
        e.block_kind = 'exit' AS leaves
    FROM reached r JOIN ends e ON e.block_id = r.block_id
    LEFT JOIN next_lines n ON n.block_id = r.block_id AND n.line = r.line
    WHERE e.block_kind = 'exit' OR n.other_line IS NOT NULL
),
branches AS (
    SELECT file_id, line FROM targets GROUP BY file_id, line HAVING count(*) > 1
)
SELECT 'branch' AS kind, f.path || ':' || t.line AS "from",
    CASE WHEN t.leaves THEN 'exit' ELSE f.path || ':' || t.target END AS "to"
FROM targets t JOIN branches b ON b.file_id = t.file_id AND b.line = t.line
JOIN repo_files f ON f.file_id = t.file_id
UNION ALL
SELECT 'nobranch', path, 'none' FROM repo_files
WHERE file_id NOT IN (SELECT file_id FROM branches)
ORDER BY 1, 2, 3
