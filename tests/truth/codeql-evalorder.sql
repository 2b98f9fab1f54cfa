-- Which of the marked expressions of a test is evaluated next after which. `x @ t[...]` and
-- `t(x, ...)` mark x; what stands in the brackets is the mark's own and runs no code of the test.
-- "entry:f" is the start of a function of the module; a mark in dead code is never evaluated.
--
-- Points are the elements of blocks and, at position -1, the blocks' starts. Control passes into
-- code of the same outermost function where an element may run it: exactly for comprehensions,
-- classes and names that only function definitions reach; where that is not known, a call, an
-- iteration, an await or a with statement may run or resume any of it.
WITH RECURSIVE
marks AS (
    SELECT b.node_id AS mark_id, l.node_id AS value_id, r.node_id AS own_id,
        r.n_subtree AS own_size
    FROM syntax_nodes b
    JOIN syntax_nodes l ON l.parent_id = b.node_id AND l.field = 'left'
    JOIN syntax_nodes o ON o.parent_id = b.node_id AND o.ast_class = 'MatMult'
    JOIN syntax_nodes r ON r.parent_id = b.node_id AND r.field = 'right'
        AND r.ast_class = 'Subscript'
    JOIN syntax_nodes t ON t.parent_id = r.node_id AND t.field = 'value' AND t.name = 't'
    WHERE b.ast_class = 'BinOp'
    UNION ALL
    SELECT c.call_id, a.arg_id, k.arg_id, n.n_subtree
    FROM calls c
    JOIN args a ON a.call_id = c.call_id AND a.position = 0
    JOIN args k ON k.call_id = c.call_id AND k.position = 1
    JOIN syntax_nodes n ON n.node_id = k.arg_id
    WHERE c.callee_text = 't' AND c.n_positional = 2
),
-- Scopes, and the outermost function that each is a part of.
families AS (
    SELECT s.scope_id, s.node_id, s.scope_kind, s.scope_id AS root_id, s.name
    FROM scopes s JOIN scopes p ON p.scope_id = s.parent_scope_id
    WHERE p.scope_kind = 'module'
    UNION ALL
    SELECT s.scope_id, s.node_id, s.scope_kind, f.root_id, s.name
    FROM families f JOIN scopes s ON s.parent_scope_id = f.scope_id
),
blocks AS (
    SELECT b.block_id, b.block_kind, f.scope_id, f.root_id
    FROM cfg_blocks b JOIN families f ON f.scope_id = b.scope_id
    WHERE b.is_live
),
points AS (
    SELECT b.block_id, -1 AS position, NULL::BIGINT AS node_id, NULL::VARCHAR AS action, false AS may_raise,
        b.scope_id, b.root_id
    FROM blocks b
    UNION ALL
    SELECT e.block_id, e.position, e.node_id, e.action, e.may_raise, b.scope_id, b.root_id
    FROM cfg_elements e JOIN blocks b ON b.block_id = e.block_id
),
following AS (
    SELECT a.block_id, a.position, b.block_id AS to_block, b.position AS to_position
    FROM points a JOIN points b ON b.block_id = a.block_id AND b.position = a.position + 1
    UNION ALL
    SELECT p.block_id, p.position, e.dst_block_id, -1
    FROM cfg_edges e JOIN cfg_blocks b ON b.block_id = e.src_block_id
    JOIN points p ON p.block_id = e.src_block_id AND p.position = b.n_elements - 1
    WHERE e.kind <> 'exception'
    UNION ALL
    SELECT p.block_id, p.position, e.dst_block_id, -1
    FROM cfg_edges e JOIN points p ON p.block_id = e.src_block_id AND p.may_raise
    WHERE e.kind IN ('exception', 'raise', 'reraise')
),
-- What may run other code: everything that calls or goes on with something, marks' own code apart.
runners AS (
    SELECT p.block_id, p.position, p.node_id, p.root_id, p.scope_id, s.ast_class
    FROM points p JOIN syntax_nodes s ON s.node_id = p.node_id
    LEFT JOIN marks m ON p.node_id BETWEEN m.own_id AND m.own_id + m.own_size - 1
    LEFT JOIN marks c ON c.mark_id = p.node_id
    WHERE m.mark_id IS NULL AND c.mark_id IS NULL AND (
        (p.action = 'eval' AND s.ast_class IN ('Call', 'Await', 'YieldFrom', 'ListComp', 'SetComp',
            'DictComp')) OR p.action IN ('next', 'enter', 'exit')
        OR (p.action = 'store' AND s.ast_class IN ('ClassDef', 'FunctionDef')))
),
generators AS (
    SELECT f.scope_id FROM families f JOIN defs d ON d.def_id = f.node_id
    WHERE f.scope_kind = 'def' AND (d.is_generator OR d.def_kind = 'async_function')
    UNION
    SELECT scope_id FROM families WHERE scope_kind = 'genexpr'
),
-- Where the callee is known: its definitions reach the name that is called.
callees AS (
    SELECT c.call_id, coalesce(m.value_id, c.callee_id) AS callee_id
    FROM calls c LEFT JOIN marks m ON m.mark_id = c.callee_id
),
known AS (
    SELECT c.call_id, f.scope_id
    FROM callees c
    JOIN def_use_events u ON u.node_id = c.callee_id AND u.event_kind = 'use'
    JOIN reaching_defs r ON r.use_event_id = u.event_id
    JOIN def_use_events d ON d.event_id = r.def_event_id
    JOIN families f ON f.node_id = d.node_id AND f.scope_kind = 'def'
    JOIN defs n ON n.def_id = f.node_id AND n.n_decorators = 0
),
targets AS (
    SELECT r.block_id, r.position, f.scope_id, true AS is_exact
    FROM runners r JOIN families f ON f.node_id = r.node_id
    WHERE r.ast_class <> 'FunctionDef'
    UNION ALL
    SELECT r.block_id, r.position, k.scope_id, true
    FROM runners r JOIN known k ON k.call_id = r.node_id
    WHERE k.scope_id NOT IN (SELECT scope_id FROM generators)
    UNION ALL
    SELECT r.block_id, r.position, f.scope_id, false
    FROM runners r JOIN families f ON f.root_id = r.root_id
    LEFT JOIN defs d ON d.def_id = r.node_id
    WHERE f.scope_id NOT IN (r.scope_id, f.root_id)
        AND f.scope_kind IN ('def', 'lambda', 'genexpr')
        AND r.ast_class NOT IN ('ListComp', 'SetComp', 'DictComp')
        AND (d.def_id IS NULL OR d.n_decorators > 0)
        AND (r.node_id NOT IN (SELECT call_id FROM known))
        AND (r.ast_class IN ('Call', 'FunctionDef', 'ClassDef')
            OR f.scope_id IN (SELECT scope_id FROM generators))
),
yields AS (
    SELECT p.block_id, p.position, p.scope_id, p.root_id
    FROM points p JOIN syntax_nodes s ON s.node_id = p.node_id
    WHERE s.ast_class = 'Yield' AND p.action = 'eval'
    UNION ALL
    SELECT p.block_id, p.position, p.scope_id, p.root_id
    FROM points p JOIN scopes s ON s.scope_id = p.scope_id
    WHERE s.scope_kind = 'genexpr' AND p.node_id = s.node_id
),
edges AS (
    SELECT n.* FROM following n ANTI JOIN targets t
        ON t.block_id = n.block_id AND t.position = n.position AND t.is_exact
    UNION
    SELECT t.block_id, t.position, b.block_id, -1
    FROM targets t JOIN blocks b ON b.scope_id = t.scope_id AND b.block_kind = 'entry'
    UNION
    SELECT b.block_id, -1, n.to_block, n.to_position
    FROM targets t JOIN blocks b ON b.scope_id = t.scope_id AND b.block_kind = 'exit'
    JOIN following n ON n.block_id = t.block_id AND n.position = t.position
    UNION -- what is called may call again
    SELECT b.block_id, -1, t.block_id, t.position
    FROM targets t JOIN blocks b ON b.scope_id = t.scope_id AND b.block_kind = 'exit'
    JOIN runners r ON r.block_id = t.block_id AND r.position = t.position
    WHERE NOT t.is_exact AND r.ast_class = 'Call'
    UNION
    SELECT y.block_id, y.position, n.to_block, n.to_position
    FROM targets t JOIN yields y ON y.scope_id = t.scope_id
    JOIN following n ON n.block_id = t.block_id AND n.position = t.position
    UNION
    SELECT t.block_id, t.position, n.to_block, n.to_position
    FROM targets t JOIN yields y ON y.scope_id = t.scope_id
    JOIN following n ON n.block_id = y.block_id AND n.position = y.position
),
starts AS (
    SELECT m.value_id, NULL::BIGINT AS entry, p.block_id, p.position
    FROM points p JOIN marks m ON m.mark_id = p.node_id AND p.action = 'eval'
    UNION ALL
    SELECT NULL::BIGINT, f.scope_id, b.block_id, -1
    FROM families f JOIN blocks b ON b.scope_id = f.scope_id AND b.block_kind = 'entry'
    WHERE f.scope_id = f.root_id AND f.scope_kind = 'def'
),
-- From each start on, until the next marks.
reached AS (
    SELECT s.value_id, s.entry, e.to_block AS block_id, e.to_position AS position
    FROM starts s JOIN edges e ON e.block_id = s.block_id AND e.position = s.position
    UNION
    SELECT r.value_id, r.entry, e.to_block, e.to_position
    FROM reached r JOIN edges e ON e.block_id = r.block_id AND e.position = r.position
    LEFT JOIN starts m ON m.block_id = r.block_id AND m.position = r.position
        AND m.value_id IS NOT NULL
    WHERE m.value_id IS NULL
),
orders AS (
    SELECT DISTINCT r.value_id, r.entry, m.value_id AS next_id
    FROM reached r JOIN starts m ON m.block_id = r.block_id AND m.position = r.position
    WHERE m.value_id IS NOT NULL
),
labels AS (
    SELECT n.node_id, f.path || '@' || n.start_byte || '-' || n.end_byte AS label
    FROM marks m JOIN syntax_nodes n ON n.node_id = m.value_id
    JOIN repo_files f ON f.file_id = n.file_id
    UNION ALL
    SELECT s.scope_id, f.path || '@entry:' || s.name
    FROM scopes s JOIN repo_files f ON f.file_id = s.file_id
)
SELECT 'order' AS kind, a.label AS "from", b.label AS "to"
FROM orders o JOIN labels a ON a.node_id = coalesce(o.value_id, o.entry)
JOIN labels b ON b.node_id = o.next_id
UNION
SELECT 'never', l.label, 'never'
FROM marks m JOIN labels l ON l.node_id = m.value_id
WHERE m.value_id NOT IN (SELECT value_id FROM starts WHERE value_id IS NOT NULL)
ORDER BY 1, 2, 3
