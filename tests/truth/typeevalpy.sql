-- Types of results, parameters, variables and items, in the suite's names: a place is
-- FILE:LINE:COLUMN:KIND:SCOPE/NAME, where a result has no more than its scope; whatever can be called is
-- `callable`, and a class of another file has its module before it.
WITH
files AS (SELECT file_id, path, regexp_replace(path, '/[^/]*$', '') AS folder FROM repo_files),
scoped AS (
    SELECT d.def_id, d.file_id, d.def_kind, d.def_id + s.n_subtree AS behind,
        CASE WHEN d.def_kind = 'lambda' THEN 'lambda' ELSE replace(d.qualname, '.<locals>', '') END AS name,
        coalesce(d.name_start_byte, d.start_byte) AS start_byte
    FROM defs d JOIN syntax_nodes s ON s.node_id = d.def_id
),
named AS (
    SELECT name_ref_id AS node_id, name FROM name_refs
    UNION ALL SELECT param_id, name FROM params
    UNION ALL
    SELECT a.attribute_id, n.name || '.' || a.attribute
    FROM attributes a JOIN name_refs n ON n.name_ref_id = a.value_id
    UNION ALL
    SELECT s.node_id, coalesce(n.name, m.name || '[' || replace(l.text, '"', '''') || ']')
    FROM syntax_nodes s
    LEFT JOIN name_refs n ON n.name_ref_id = s.node_id + 1
    LEFT JOIN syntax_nodes i ON i.node_id = s.node_id + 1 AND i.ast_class = 'Subscript'
    LEFT JOIN name_refs m ON m.name_ref_id = i.node_id + 1
    LEFT JOIN literals l ON l.literal_id = i.node_id + 2
    WHERE s.ast_class = 'Subscript'
),
places AS (
    SELECT t.value_type_id, s.file_id, s.start_byte, n.name || coalesce(t.path, '') AS name,
        (SELECT max(d.def_id) FROM scoped d WHERE d.file_id = s.file_id AND d.def_id < t.node_id
            AND t.node_id < d.behind) AS scope_id, s.ast_class = 'arg' AS is_param
    FROM value_types t JOIN syntax_nodes s ON s.node_id = t.node_id JOIN named n ON n.node_id = t.node_id
    WHERE t.place = 'value'
    UNION ALL
    SELECT t.value_type_id, d.file_id, d.start_byte, NULL, d.def_id, false
    FROM value_types t JOIN scoped d ON d.def_id = t.node_id
    WHERE t.place = 'result' AND d.def_kind <> 'lambda'
),
types AS (
    SELECT t.value_type_id, c.file_id, CASE
        WHEN t.type IN ('function', 'method', 'functools.partial', 'builtin_function_or_method') THEN 'callable'
        WHEN c.def_id IS NULL THEN t.type
        ELSE c.name END AS type, t.type AS whole
    FROM value_types t LEFT JOIN scoped c ON c.def_id = t.class_id
)
SELECT DISTINCT 'type' AS kind,
    f.path || ':' || l.line || ':' || (p.start_byte - l.start_byte + 1) || ':'
    || CASE WHEN p.name IS NULL THEN 'return:' || d.name
        ELSE CASE WHEN p.is_param THEN 'parameter:' ELSE 'variable:' END || coalesce(d.name || '/', '') || p.name
        END AS "from",
    lower(CASE WHEN t.file_id <> p.file_id THEN replace(replace(replace(g.path, f.folder || '/', ''),
        '.py', ''), '/', '.') || '.' || t.type ELSE t.type END) AS "to"
FROM places p JOIN types t USING (value_type_id) JOIN files f ON f.file_id = p.file_id
LEFT JOIN files g ON g.file_id = t.file_id
LEFT JOIN scoped d ON d.def_id = p.scope_id
ASOF JOIN line_index l ON l.file_id = p.file_id AND l.start_byte <= p.start_byte
ORDER BY 1, 2, 3
