-- Every edge at one call site, and the rule that made it. The site is the first call of a dotted
-- name with a keyword argument or two inside a function.
WITH site AS (
    SELECT call_id, file_id, callee_text
    FROM calls
    ORDER BY (callee_text LIKE '%.%') DESC NULLS LAST,
             (n_keyword BETWEEN 1 AND 2 AND n_positional BETWEEN 1 AND 3) DESC,
             (enclosing_def_id IS NOT NULL) DESC,
             call_id
    LIMIT 1
)
SELECT CASE WHEN e.src = s.call_id THEN 'call -> ' || e.kind || ' -> ' ELSE '-> ' || e.kind || ' -> call' END AS edge,
       other.kind AS other_kind,
       coalesce(other.qualified_name, other.name, '') AS other_name,
       f.path || ':' || other.start_line || ':' || other.start_column AS at,
       e.rule_name,
       e.confidence
FROM site s
JOIN edges e ON e.src = s.call_id OR e.dst = s.call_id
JOIN nodes other ON other.node_id = CASE WHEN e.src = s.call_id THEN e.dst ELSE e.src END
JOIN repo_files f ON f.file_id = s.file_id
ORDER BY e.src = s.call_id, e.kind, other.start_byte;
