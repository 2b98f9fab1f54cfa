-- Does the parameter `taint_src`, or what is made of it, come to a parameter of `taint_sink`?
-- A value is followed from node to node, in one state: the node; whether it is what stands there or
-- what the object there has become (`post`, behind a store); the path in it at which the value lies;
-- the calls that were entered on the way, which are left where they were entered.
WITH RECURSIVE
n AS MATERIALIZED (
    SELECT node_id AS id, parent_id AS parent, ast_class AS class, field, field_index AS place,
        node_id + n_subtree AS behind, file_id, start_byte AS start, start_line AS line, context
    FROM syntax_nodes
),
-- The statement that a node lies in, as what stands behind it in the same list is sure to run after it.
statements AS MATERIALIZED (SELECT * FROM n WHERE field IN ('body', 'orelse', 'finalbody')),
events AS MATERIALIZED (
    SELECT e.event_id, e.node_id AS id, e.event_kind AS kind, e.is_own, e.file_id,
        coalesce(r.slot_id, e.binding_id) AS slot, s.start, s.class, s.parent, s.field
    FROM def_use_events e LEFT JOIN binding_resolutions r USING (binding_id)
    JOIN n s ON s.id = e.node_id
),
-- Texts are told from numbers.
constants AS (
    SELECT literal_id AS id, CASE WHEN literal_kind = 'string' THEN ':' || trim(text, chr(39) || '"') ELSE text END AS text
    FROM literals
    UNION ALL
    SELECT u.id, '-' || l.text
    FROM n u JOIN n v ON v.parent = u.id AND v.field = 'operand' JOIN literals l ON l.literal_id = v.id
    JOIN n o ON o.parent = u.id AND o.class = 'USub'
),
sums AS (
    SELECT e.id, try_cast(a.text AS INTEGER) AS a, try_cast(b.text AS INTEGER) AS b
    FROM n e JOIN n o ON o.parent = e.id AND o.class = 'Add'
    JOIN n x ON x.parent = e.id AND x.field = 'left' JOIN literals a ON a.literal_id = x.id
    JOIN n y ON y.parent = e.id AND y.field = 'right' JOIN literals b ON b.literal_id = y.id
    WHERE e.class = 'BinOp' AND a.literal_kind = 'int' AND b.literal_kind = 'int'
),
keys AS MATERIALIZED (
    SELECT s.id, '[' || coalesce(l.text, (c.a + c.b)::VARCHAR, '*') || ']' AS key
    FROM n s LEFT JOIN constants l ON l.id = s.id LEFT JOIN sums c ON c.id = s.id
    WHERE s.field IN ('slice', 'keys')
),
-- What is assigned to what: a value and a target.
given AS (
    SELECT v.id AS value, t.id AS target, p.id AS statement
    FROM n p JOIN n v ON v.parent = p.id AND v.field = 'value'
    JOIN n t ON t.parent = p.id AND t.field IN ('targets', 'target')
    WHERE p.class IN ('Assign', 'AnnAssign', 'NamedExpr')
),
-- Stores on an object, with the key that has another value then.
stores AS MATERIALIZED (
    SELECT g.value, b.id AS base, '.' || a.attribute AS key, g.statement, true AS is_sure
    FROM given g JOIN attributes a ON a.attribute_id = g.target JOIN n b ON b.parent = a.attribute_id
    UNION ALL
    SELECT g.value, b.id, k.key, g.statement, k.key <> '[*]'
    FROM given g JOIN n s ON s.id = g.target AND s.class = 'Subscript'
    JOIN n b ON b.parent = s.id AND b.field = 'value'
    JOIN n i ON i.parent = s.id AND i.field = 'slice' JOIN keys k ON k.id = i.id
    UNION ALL
    SELECT v.id, b.id, '.' || trim(l.text, '''"'), c.parent, true
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN name_refs r ON r.name_ref_id = f.id
    JOIN n b ON b.parent = c.id AND b.field = 'args' AND b.place = 0
    JOIN n k ON k.parent = c.id AND k.field = 'args' AND k.place = 1
    JOIN literals l ON l.literal_id = k.id
    JOIN n v ON v.parent = c.id AND v.field = 'args' AND v.place = 2
    WHERE r.name = 'setattr'
    UNION ALL
    SELECT NULL, b.id, k.key, x.id, k.key <> '[*]'
    FROM n x JOIN n s ON s.parent = x.id AND s.class = 'Subscript'
    JOIN n b ON b.parent = s.id AND b.field = 'value'
    JOIN n i ON i.parent = s.id AND i.field = 'slice' JOIN keys k ON k.id = i.id WHERE x.class = 'Delete'
    UNION ALL
    SELECT NULL, b.id, '.' || a.attribute, x.id, true
    FROM n x JOIN n s ON s.parent = x.id JOIN attributes a ON a.attribute_id = s.id
    JOIN n b ON b.parent = s.id WHERE x.class = 'Delete'
    UNION ALL
    SELECT v.id, b.id, CASE WHEN a.attribute = 'clear' THEN '[**]' ELSE k.key END, c.parent,
        a.attribute = 'clear' OR k.key <> '[*]'
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN attributes a ON a.attribute_id = f.id
    JOIN n b ON b.parent = f.id
    LEFT JOIN n d ON d.parent = c.id AND d.field = 'args' AND d.class = 'Dict'
    LEFT JOIN n i ON i.parent = d.id AND i.field = 'keys' LEFT JOIN keys k ON k.id = i.id
    LEFT JOIN n v ON v.parent = d.id AND v.field = 'values' AND v.place = i.place
    WHERE a.attribute = 'clear' OR (a.attribute = 'update' AND k.key IS NOT NULL)
),
-- What stands in a display or target, and whether that is behind something starred.
elements AS (
    SELECT id, parent, class, context, place, count(*) OVER (PARTITION BY parent) AS n_places,
        coalesce(bool_or(class = 'Starred') OVER (PARTITION BY parent ORDER BY place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS is_behind
    FROM n WHERE field = 'elts'
),
-- Calls and what they run: `shift` parameters are given by what the call is of.
targets AS (
    SELECT e.src AS call, e.dst AS def, f.id AS func, f.class AS func_class,
        (SELECT o.id FROM n o WHERE o.parent = f.id AND o.field = 'value' AND f.class = 'Attribute') AS receiver,
        d.name IN ('__init__', '__new__') AND NOT coalesce(a.attribute = d.name, false) AS makes,
        coalesce(d.parent_def_id IN (SELECT def_id FROM defs WHERE def_kind = 'class'), false) AS is_member,
        EXISTS (SELECT 1 FROM decorators x WHERE x.def_id = d.def_id AND x.text = 'staticmethod') AS is_static,
        EXISTS (SELECT 1 FROM decorators x WHERE x.def_id = d.def_id AND x.text = 'classmethod') AS is_of_class,
        (SELECT count(*) FROM params p WHERE p.def_id = d.def_id
            AND p.param_kind IN ('positional', 'positional_only', 'keyword_only')) AS n_params,
        c.n_positional + c.n_keyword AS n_given,
        EXISTS (SELECT 1 FROM n o JOIN name_targets t ON t.node_id = o.id AND t.is_final
            JOIN defs k ON k.def_id = t.target_id AND k.def_kind = 'class'
            WHERE o.parent = f.id AND o.field = 'value') AS on_class
    FROM edges e JOIN calls c ON c.call_id = e.src JOIN defs d ON d.def_id = e.dst
    JOIN n f ON f.parent = e.src AND f.field = 'func'
    LEFT JOIN attributes a ON a.attribute_id = f.id
    WHERE e.kind = 'CALL'
),
runs AS MATERIALIZED (
    SELECT *, count(*) OVER (PARTITION BY call) AS n_targets, CASE WHEN makes THEN 1 WHEN NOT is_member OR is_static THEN 0 WHEN is_of_class THEN 1
        WHEN on_class THEN 0 WHEN receiver IS NULL AND n_given >= n_params THEN 0
        WHEN n_given >= n_params AND n_params > 1 AND receiver IS NULL THEN 0 ELSE 1 END AS shift
    FROM targets
),
-- Parameters by place; a starred one takes the rest.
slots AS MATERIALIZED (
    SELECT param_id AS id, def_id AS def, name, param_kind AS kind,
        row_number() OVER (PARTITION BY def_id ORDER BY position) - 1 AS place, default_id
    FROM params
),
starred AS (SELECT call_id AS call, min(position) AS place FROM args WHERE arg_kind = 'star' GROUP BY 1),
-- What an argument gives a parameter: the argument, the parameter, what is done to the path.
passed AS MATERIALIZED (
    SELECT r.call, a.value_id AS arg, s.id AS param, 'keep' AS op, NULL AS key
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'positional'
    LEFT JOIN starred t ON t.call = r.call
    JOIN slots s ON s.def = r.def AND s.place = a.position + r.shift
        AND s.kind IN ('positional', 'positional_only')
    WHERE t.place IS NULL OR a.position < t.place
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'push', '[' || (a.position + r.shift - s.place)::VARCHAR || ']'
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'positional'
    LEFT JOIN starred t ON t.call = r.call
    JOIN slots s ON s.def = r.def AND s.kind = 'vararg' AND s.place <= a.position + r.shift
    WHERE t.place IS NULL OR a.position < t.place
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'keep', NULL
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'keyword'
    JOIN slots s ON s.def = r.def AND s.name = a.keyword AND s.kind IN ('positional', 'keyword_only')
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'push', '[:' || a.keyword || ']'
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'keyword'
    JOIN slots s ON s.def = r.def AND s.kind = 'varkw'
    WHERE a.keyword NOT IN (SELECT o.name FROM slots o WHERE o.def = r.def AND o.kind IN ('positional', 'keyword_only'))
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'pop', '[' || (s.place - a.position - r.shift)::VARCHAR || ']'
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'star'
    JOIN slots s ON s.def = r.def AND s.place >= a.position + r.shift
        AND s.kind IN ('positional', 'positional_only')
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'keep', NULL
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'star'
    JOIN slots s ON s.def = r.def AND s.kind = 'vararg' AND s.place <= a.position + r.shift
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'pop', '[:' || s.name || ']'
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'double_star'
    JOIN slots s ON s.def = r.def AND s.kind IN ('positional', 'keyword_only')
    UNION ALL
    SELECT r.call, a.value_id, s.id, 'keep', NULL
    FROM runs r JOIN args a ON a.call_id = r.call AND a.arg_kind = 'double_star'
    JOIN slots s ON s.def = r.def AND s.kind = 'varkw'
    UNION ALL
    SELECT r.call, r.receiver, s.id, 'keep', NULL
    FROM runs r JOIN slots s ON s.def = r.def AND s.place = 0
    WHERE r.shift = 1 AND NOT r.makes AND r.receiver IS NOT NULL
),
flow_owner AS (
    SELECT x.id, arg_max(d.id, d.id) AS def
    FROM n x JOIN n d ON d.file_id = x.file_id AND d.id < x.id AND x.id < d.behind
    WHERE x.class IN ('Return', 'Yield', 'YieldFrom')
        AND d.class IN ('FunctionDef', 'AsyncFunctionDef', 'Lambda')
    GROUP BY 1
),
-- What a function gives back, and whether it does so one by one.
returned AS (
    SELECT d.def_id AS def, v.id AS value, d.is_generator AND x.class <> 'Return' AS is_item, x.class
    FROM flow_owner o JOIN defs d ON d.def_id = o.def JOIN n x ON x.id = o.id
    JOIN n v ON v.parent = x.id AND v.field = 'value'
    WHERE x.class IN ('Return', 'Yield', 'YieldFrom')
    UNION ALL
    SELECT l.id, b.id, false, 'Return' FROM n l JOIN n b ON b.parent = l.id AND b.field = 'body'
    WHERE l.class = 'Lambda'
),
-- Objects of data classes, with their fields by place.
made AS (
    SELECT e.src AS call, r.name, row_number() OVER (PARTITION BY e.src ORDER BY f.place) - 1 AS place
    FROM edges e JOIN decorators d ON d.def_id = e.dst
    JOIN n f ON f.parent = e.dst AND f.class = 'AnnAssign'
    JOIN n t ON t.parent = f.id AND t.field = 'target' JOIN name_refs r ON r.name_ref_id = t.id
    WHERE e.kind = 'INSTANTIATES' AND d.text LIKE '%dataclass%'
),
-- A name that reads what a definition of the same scope gave it.
reads AS MATERIALIZED (
    SELECT d.id AS def, u.id AS use, d.start AS def_start, u.start
    FROM reaching_defs r JOIN events d ON d.event_id = r.def_event_id
    JOIN events u ON u.event_id = r.use_event_id
),
-- Definitions that are of one object: `b = a`.
aliases AS (
    SELECT g.target AS def, r.def AS other
    FROM given g JOIN reads r ON r.use = g.value
    WHERE g.target IN (SELECT def FROM reads)
        AND (SELECT count(*) FROM reads o WHERE o.use = g.value) = 1
    UNION
    SELECT a.def, r.def
    FROM aliases a JOIN given g ON g.target = a.other JOIN reads r ON r.use = g.value
),
-- Stores that later reads of the same definition have behind them; those that a function that is called does
-- at its end are its call's.
overwritten AS MATERIALIZED (
    SELECT r.def, r.start AS at, s.key, s.statement, false AS by_alias
    FROM stores s JOIN reads r ON r.use = s.base WHERE s.is_sure
    UNION ALL
    SELECT r.def, r.start, s.key, x.parent, false
    FROM passed p JOIN runs c ON c.call = p.call
    JOIN reads b ON b.def = p.param JOIN stores s ON s.base = b.use
    JOIN statements t ON t.id = s.statement AND t.parent = c.def
    JOIN reads r ON r.use = p.arg JOIN n x ON x.id = p.call
    WHERE s.is_sure AND p.op = 'keep'
        AND c.n_targets = 1
),
looped AS (
    SELECT e.id, l.id AS loop FROM events e JOIN n l ON l.file_id = e.file_id AND l.id < e.id AND e.id < l.behind
    WHERE l.class IN ('For', 'While', 'AsyncFor')
),
-- The same for other names of the object, and for what both branches do.
overwritten_all AS MATERIALIZED (
    SELECT * FROM overwritten
    UNION
    SELECT a.other, o.at, o.key, o.statement, true FROM overwritten o JOIN aliases a ON a.def = o.def
    UNION
    SELECT o.def, greatest(o.at, p.at), o.key, s.parent, false
    FROM overwritten o JOIN statements s ON s.id = o.statement AND s.field = 'body'
    JOIN overwritten p ON p.def = o.def AND p.key = o.key
    JOIN statements q ON q.id = p.statement AND q.field = 'orelse' AND q.parent = s.parent
    JOIN n i ON i.id = s.parent AND i.class = 'If'
),
hidden AS MATERIALIZED (
    SELECT DISTINCT r.def, r.use, o.key, o.statement, o.by_alias, o.at AS store_start
    FROM overwritten_all o JOIN reads r ON r.def = o.def WHERE r.start > o.at
),
kills AS MATERIALIZED (
    SELECT DISTINCT h.def, h.use, h.key, h.by_alias, h.store_start
    FROM hidden h JOIN statements s ON s.id = h.statement
    JOIN statements k ON k.parent = s.parent AND k.field = s.field
    WHERE k.id > s.id AND k.id <= h.use AND h.use < k.behind
),
-- Local functions that nobody names do not run.
unused AS (
    SELECT f.id, f.behind, f.file_id FROM n f JOIN defs d ON d.def_id = f.id JOIN defs p ON p.def_id = d.parent_def_id
    WHERE p.def_kind <> 'class' AND d.n_decorators = 0 AND d.name <> '<lambda>' AND f.class IN ('FunctionDef', 'AsyncFunctionDef')
        AND f.id NOT IN (SELECT def FROM reads)
        AND f.id NOT IN (SELECT d.id FROM events d JOIN events u ON u.slot = d.slot AND u.kind = 'use')
),
all_steps AS (
    -- within a function: op, key, enters or leaves a call, keys that are gone
    SELECT value AS src, false AS src_post, target AS dst, false AS dst_post, 'keep' AS op, NULL AS key,
        0 AS crossing, NULL::BIGINT AS call, NULL::VARCHAR[] AS gone
    FROM given
    UNION ALL
    SELECT r.def, false, r.use, false, 'keep', NULL, 0, NULL, list(DISTINCT k.key)
    FROM reads r LEFT JOIN kills k ON k.def = r.def AND k.use = r.use
    GROUP BY r.def, r.use
    UNION ALL -- other scopes read whatever was ever given
    SELECT d.id, false, u.id, false, 'keep', NULL, 3, NULL, NULL
    FROM events u JOIN events d ON d.slot = u.slot AND d.kind = 'def'
    WHERE u.kind = 'use' AND NOT u.is_own
    UNION ALL
    SELECT t.target_id, false, t.node_id, false, 'keep', NULL, 0, NULL, NULL
    FROM name_targets t JOIN n s ON s.id = t.node_id JOIN n d ON d.id = t.target_id
    WHERE t.is_final AND d.class IN ('Name', 'arg')
        AND (s.class = 'Attribute' OR (s.class = 'Name' AND s.file_id <> d.file_id))
        AND NOT EXISTS (SELECT 1 FROM n b JOIN attributes x ON x.attribute_id = b.parent
            JOIN kills k ON k.use = b.id AND k.key = '.' || x.attribute WHERE b.parent = s.id)
    UNION ALL -- what a store makes of an object
    SELECT value, false, base, true, 'push', key, 0, NULL, NULL FROM stores WHERE value IS NOT NULL
    UNION ALL
    SELECT a.id, true, b.id, true, 'push', '.' || x.attribute, 0, NULL, NULL
    FROM n a JOIN attributes x ON x.attribute_id = a.id JOIN n b ON b.parent = a.id
    WHERE a.class = 'Attribute'
    UNION ALL
    SELECT a.id, true, b.id, true, 'push', k.key, 0, NULL, NULL
    FROM n a JOIN n b ON b.parent = a.id AND b.field = 'value'
    JOIN n i ON i.parent = a.id AND i.field = 'slice' JOIN keys k ON k.id = i.id
    WHERE a.class = 'Subscript'
    UNION ALL -- later reads see it
    SELECT a.use, true, b.use, false, 'keep', NULL, 0, NULL, list(DISTINCT k.key)
    FROM reads a JOIN reads b ON b.def = a.def AND b.start > a.start
    LEFT JOIN kills k ON k.def = a.def AND k.use = b.use AND k.store_start > a.start AND NOT k.by_alias
    GROUP BY a.def, a.use, b.use
    UNION ALL -- in a loop, or where another scope reads, all do
    SELECT a.use, true, b.use, false, 'keep', NULL, 0, NULL, NULL
    FROM reads a JOIN reads b ON b.def = a.def AND b.start <= a.start AND b.use <> a.use
    JOIN looped l ON l.id = a.use JOIN looped m ON m.id = b.use AND m.loop = l.loop
    UNION ALL
    SELECT a.id, true, b.id, false, 'keep', NULL, 3, NULL, NULL
    FROM events a JOIN events b ON b.slot = a.slot AND b.kind = 'use' AND a.kind = 'use' AND b.id <> a.id
    WHERE NOT a.is_own OR NOT b.is_own
    UNION ALL -- so does what else has the object
    SELECT r.use, true, g.value, true, 'keep', NULL, 0, NULL, NULL
    FROM reads r JOIN given g ON g.target = r.def
    UNION ALL
    SELECT r.use, true, r.def, true, 'keep', NULL, 0, NULL, NULL
    FROM reads r JOIN slots s ON s.id = r.def
    UNION ALL -- attributes, items
    SELECT b.id, false, a.id, false, 'pop', '.' || x.attribute, 0, NULL, NULL
    FROM n a JOIN attributes x ON x.attribute_id = a.id JOIN n b ON b.parent = a.id
    WHERE a.class = 'Attribute' AND x.context = 'LOAD'
    UNION ALL
    SELECT b.id, false, a.id, false, CASE WHEN i.class = 'Slice' THEN 'any' ELSE 'pop' END,
        CASE WHEN i.class = 'Slice' THEN '[*]' ELSE k.key END, 0, NULL, NULL
    FROM n a JOIN n b ON b.parent = a.id AND b.field = 'value'
    JOIN n i ON i.parent = a.id AND i.field = 'slice' JOIN keys k ON k.id = i.id
    WHERE a.class = 'Subscript'
    UNION ALL
    SELECT e.id, false, c.id, false, CASE WHEN e.class = 'Starred' THEN 'any' ELSE 'push' END,
        CASE WHEN c.class = 'Set' OR EXISTS (SELECT 1 FROM n o WHERE o.parent = c.id AND o.class = 'Starred'
            AND o.place < e.place) OR e.class = 'Starred' THEN '[*]'
        ELSE '[' || e.place::VARCHAR || '|' || (e.place - e.n_places)::VARCHAR || ']' END, 0, NULL, NULL
    FROM n c JOIN elements e ON e.parent = c.id
    WHERE c.class IN ('Tuple', 'List', 'Set') AND c.context IS DISTINCT FROM 'STORE'
    UNION ALL -- an object in a container is the same object
    SELECT c.id, true, e.id, true, 'pop', '[' || e.place::VARCHAR || ']', 0, NULL, NULL
    FROM n c JOIN elements e ON e.parent = c.id WHERE c.class IN ('Tuple', 'List')
    UNION ALL
    SELECT v.id, false, d.id, false, CASE WHEN i.id IS NULL THEN 'keep' ELSE 'push' END,
        CASE WHEN i.id IS NULL THEN NULL ELSE k.key END, 0, NULL, NULL
    FROM n d JOIN n v ON v.parent = d.id AND v.field = 'values'
    LEFT JOIN n i ON i.parent = d.id AND i.field = 'keys' AND i.place = v.place
    LEFT JOIN keys k ON k.id = i.id
    WHERE d.class = 'Dict'
    UNION ALL -- targets that unpack
    SELECT t.id, false, e.id, false, CASE WHEN e.class = 'Starred' THEN 'rest' ELSE 'pop' END,
        CASE WHEN e.class = 'Starred' THEN e.place::VARCHAR || '|' || (e.n_places - e.place)::VARCHAR
            WHEN e.is_behind THEN '[' || (e.place - e.n_places)::VARCHAR || ']'
            ELSE '[' || e.place::VARCHAR || ']' END, 0, NULL, NULL
    FROM n t JOIN elements e ON e.parent = t.id
    WHERE t.class IN ('Tuple', 'List') AND t.context = 'STORE'
    UNION ALL
    SELECT s.id, false, v.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n s JOIN n v ON v.parent = s.id AND v.field = 'value' WHERE s.class = 'Starred' AND s.context = 'STORE'
    UNION ALL
    SELECT v.id, false, s.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n s JOIN n v ON v.parent = s.id AND v.field = 'value' WHERE s.class = 'Starred' AND s.context = 'LOAD'
    UNION ALL -- expressions that give what they are made of
    SELECT v.id, false, e.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n e JOIN n v ON v.parent = e.id
    LEFT JOIN n q ON q.parent = e.id AND q.field = 'test' LEFT JOIN literals l ON l.literal_id = q.id
    WHERE (e.class = 'IfExp' AND v.field IN ('body', 'orelse')
            AND NOT (v.field = 'body' AND coalesce(l.text = 'False', false))
            AND NOT (v.field = 'orelse' AND coalesce(l.text = 'True', false)))
        OR (e.class = 'BoolOp' AND v.field = 'values' -- of `and` the last, the others where they are false
            AND NOT (EXISTS (SELECT 1 FROM n o WHERE o.parent = e.id AND o.class = 'And')
                AND EXISTS (SELECT 1 FROM n o WHERE o.parent = e.id AND o.field = 'values' AND o.place > v.place)))
        OR (e.class IN ('NamedExpr', 'Await') AND v.field = 'value')
    UNION ALL
    SELECT i.id, false, t.id, false, 'pop', '[*]', 0, NULL, NULL
    FROM n f JOIN n i ON i.parent = f.id AND i.field = 'iter'
    JOIN n t ON t.parent = f.id AND t.field = 'target'
    WHERE f.class IN ('For', 'AsyncFor', 'comprehension')
    UNION ALL
    SELECT e.id, false, c.id, false, 'push', '[*]', 0, NULL, NULL
    FROM n c JOIN n e ON e.parent = c.id AND e.field IN ('elt', 'value')
    WHERE c.class IN ('ListComp', 'SetComp', 'GeneratorExp', 'DictComp')
    UNION ALL
    SELECT c.id, false, v.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n w JOIN n c ON c.parent = w.id AND c.field = 'context_expr'
    JOIN n v ON v.parent = w.id AND v.field = 'optional_vars'
    UNION ALL -- patterns
    SELECT s.id, false, p.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n m JOIN n s ON s.parent = m.id AND s.field = 'subject'
    JOIN n c ON c.parent = m.id AND c.class = 'match_case'
    JOIN n p ON p.parent = c.id AND p.field = 'pattern'
    UNION ALL
    SELECT p.id, false, c.id, false,
        CASE WHEN p.class = 'MatchSequence' THEN CASE WHEN c.class = 'MatchStar' THEN 'any' ELSE 'pop' END
            WHEN p.class IN ('MatchClass', 'MatchMapping') THEN 'pop' ELSE 'keep' END,
        CASE WHEN p.class = 'MatchSequence' AND c.class <> 'MatchStar' AND NOT EXISTS (SELECT 1 FROM n o
            WHERE o.parent = p.id AND o.class = 'MatchStar' AND o.place < c.place)
                THEN '[' || c.place::VARCHAR || ']'
            WHEN p.class = 'MatchMapping' THEN coalesce((SELECT '[' || l.text || ']' FROM n k
                JOIN constants l ON l.id = k.id
                WHERE k.parent = p.id AND k.field = 'keys' AND k.place = c.place), '[*]')
            WHEN p.class = 'MatchClass' THEN '.*' ELSE '[*]' END, 0, NULL, NULL
    FROM n p JOIN n c ON c.parent = p.id AND c.field IN ('pattern', 'patterns', 'kwd_patterns')
    WHERE p.class IN ('MatchAs', 'MatchOr', 'MatchSequence', 'MatchMapping', 'MatchClass')
    UNION ALL -- methods that are bound carry their object
    SELECT b.id, false, a.id, false, 'push', '.' || d.id::VARCHAR, 0, NULL, NULL
    FROM n a JOIN n b ON b.parent = a.id JOIN name_targets t ON t.node_id = a.id AND t.is_final
    JOIN n d ON d.id = t.target_id AND d.class IN ('FunctionDef', 'AsyncFunctionDef')
    WHERE a.class = 'Attribute' AND a.field <> 'func'
    UNION ALL
    SELECT a.id, true, b.id, true, 'pop', '.' || d.id::VARCHAR, 0, NULL, NULL
    FROM n a JOIN n b ON b.parent = a.id JOIN name_targets t ON t.node_id = a.id AND t.is_final
    JOIN n d ON d.id = t.target_id AND d.class IN ('FunctionDef', 'AsyncFunctionDef')
    WHERE a.class = 'Attribute' AND a.field <> 'func'
    UNION ALL
    SELECT r.func, false, s.id, false, 'pop', '.' || r.def::VARCHAR, 1, r.call, NULL
    FROM runs r JOIN slots s ON s.def = r.def AND s.place = 0
    WHERE r.shift = 1 AND NOT r.makes AND r.receiver IS NULL
    UNION ALL
    SELECT s.id, true, r.func, true, 'push', '.' || r.def::VARCHAR, 2, r.call, NULL
    FROM runs r JOIN slots s ON s.def = r.def AND s.place = 0
    WHERE r.shift = 1 AND NOT r.makes AND r.receiver IS NULL
    UNION ALL
    SELECT c.call_id, true, s.id, true, 'keep', NULL, 0, NULL, NULL
    FROM calls c JOIN slots s ON s.def = c.enclosing_def_id AND s.place = 0 WHERE c.callee_text = 'super'
    UNION ALL
    SELECT s.id, false, c.call_id, false, 'keep', NULL, 0, NULL, NULL
    FROM calls c JOIN slots s ON s.def = c.enclosing_def_id AND s.place = 0 WHERE c.callee_text = 'super'
    UNION ALL
    SELECT r.call, true, v.value, true, 'keep', NULL, 1, r.call, NULL
    FROM runs r JOIN returned v ON v.def = r.def WHERE NOT r.makes
    UNION ALL -- an object has what its class has; those of data classes what they are made with
    SELECT f.id, false, e.src, false, 'keep', NULL, 0, NULL, NULL
    FROM edges e JOIN n f ON f.parent = e.src AND f.field = 'func' WHERE e.kind = 'INSTANTIATES'
    UNION ALL
    SELECT a.value_id, false, m.call, false, 'push', '.' || m.name, 0, NULL, NULL
    FROM made m JOIN args a ON a.call_id = m.call
    WHERE a.keyword = m.name OR (a.arg_kind = 'positional' AND a.position = m.place)
    UNION ALL -- what is raised is caught
    SELECT x.id, false, h.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n r JOIN n x ON x.parent = r.id AND x.field = 'exc'
    JOIN n b ON b.file_id = r.file_id AND b.field = 'body' AND b.id <= r.id AND r.id < b.behind
    JOIN n t ON t.id = b.parent AND t.class IN ('Try', 'TryStar')
    JOIN n h ON h.parent = t.id AND h.class = 'ExceptHandler'
    WHERE r.class = 'Raise'
    UNION ALL -- calls
    SELECT arg, false, param, false, op, key, 1, call, NULL FROM passed
    UNION ALL
    SELECT param, true, arg, true, 'keep', NULL, 2, call, NULL FROM passed WHERE op = 'keep'
    UNION ALL
    SELECT s.id, true, r.call, false, 'keep', NULL, 2, r.call, NULL
    FROM runs r JOIN slots s ON s.def = r.def AND s.place = 0 WHERE r.makes
    UNION ALL
    SELECT v.value, false, r.call, false, CASE WHEN v.is_item AND v.class = 'Yield' THEN 'push' ELSE 'keep' END,
        '[*]', 2, r.call, NULL
    FROM runs r JOIN returned v ON v.def = r.def WHERE NOT r.makes
    UNION ALL
    SELECT default_id, false, id, false, 'keep', NULL, 0, NULL, NULL
    FROM slots WHERE default_id IS NOT NULL
    UNION ALL -- containers that are changed in place, and read by their methods
    SELECT a.id, false, o.id, true, CASE WHEN x.attribute IN ('extend', 'update') THEN 'any' ELSE 'push' END, '[*]',
        0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func'
    JOIN attributes x ON x.attribute_id = f.id JOIN n o ON o.parent = f.id
    JOIN n a ON a.parent = c.id AND a.field = 'args'
    WHERE x.attribute IN ('append', 'appendleft', 'add', 'extend', 'insert', 'put', 'put_nowait', 'push', 'update')
    UNION ALL
    SELECT v.id, false, CASE WHEN g.dst_post THEN o.id ELSE c.id END, g.dst_post,
        CASE WHEN g.dst_post THEN 'push' ELSE 'keep' END, '[' || coalesce(l.text, '*') || ']', 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func'
    JOIN attributes x ON x.attribute_id = f.id JOIN n o ON o.parent = f.id
    JOIN n k ON k.parent = c.id AND k.field = 'args' AND k.place = 0 LEFT JOIN constants l ON l.id = k.id
    JOIN n v ON v.parent = c.id AND v.field = 'args' AND v.place = 1, (VALUES (true), (false)) g(dst_post)
    WHERE x.attribute = 'setdefault'
    UNION ALL -- what a generator yields next
    SELECT o.id, false, c.id, false, 'pop', '[*]', 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func'
    JOIN attributes x ON x.attribute_id = f.id JOIN n o ON o.parent = f.id
    WHERE x.attribute IN ('__next__', '__anext__', 'send', 'asend', 'throw', 'athrow')
    UNION ALL
    SELECT o.id, false, c.id, false, CASE WHEN x.attribute IN ('pop', 'popleft', 'get', 'setdefault', 'get_nowait')
            THEN 'pop' ELSE 'any' END,
        CASE WHEN x.attribute = 'popleft' THEN '[0]' ELSE coalesce((SELECT '[' || l.text || ']' FROM n k
            JOIN constants l ON l.id = k.id
            WHERE k.parent = c.id AND k.field = 'args' AND k.place = 0), '[*]') END, 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func'
    JOIN attributes x ON x.attribute_id = f.id JOIN n o ON o.parent = f.id
    WHERE x.attribute IN ('pop', 'popleft', 'get', 'setdefault', 'get_nowait', 'copy', 'values')
    UNION ALL
    SELECT a.id, false, c.id, false, CASE WHEN r.name IN ('list', 'tuple', 'set', 'frozenset', 'sorted', 'iter', 'reversed', 'dict')
            THEN CASE WHEN r.name IN ('list', 'tuple', 'iter', 'dict') THEN 'keep' ELSE 'any' END
            WHEN r.name IN ('next', 'max', 'min') THEN 'pop' ELSE 'keep' END, '[*]', 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN name_refs r ON r.name_ref_id = f.id
    JOIN n a ON a.parent = c.id AND a.field = 'args' AND a.place = 0
    WHERE r.name IN ('list', 'tuple', 'set', 'frozenset', 'sorted', 'iter', 'reversed', 'dict', 'next', 'max', 'min')
    UNION ALL
    SELECT o.id, false, c.id, false, 'items', '[1]', 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func'
    JOIN attributes x ON x.attribute_id = f.id JOIN n o ON o.parent = f.id WHERE x.attribute = 'items'
    UNION ALL
    SELECT a.id, false, c.id, false, 'items', CASE WHEN r.name = 'zip' THEN '[' || a.place::VARCHAR || ']' ELSE '[1]' END,
        0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN name_refs r ON r.name_ref_id = f.id
    JOIN n a ON a.parent = c.id AND a.field = 'args' AND (a.place = 0 OR r.name = 'zip')
    WHERE r.name IN ('zip', 'enumerate')
    UNION ALL -- sequences that are joined
    SELECT v.id, false, e.id, false, CASE WHEN v.field = 'left' THEN 'joined' ELSE 'any' END, '[*]', 0, NULL, NULL
    FROM n e JOIN n o ON o.parent = e.id AND o.class = 'Add' JOIN n v ON v.parent = e.id AND v.field IN ('left', 'right')
    WHERE e.class = 'BinOp'
    UNION ALL
    SELECT v.id, false, t.id, false, 'any', '[*]', 0, NULL, NULL
    FROM n e JOIN n o ON o.parent = e.id AND o.class = 'Add'
    JOIN n v ON v.parent = e.id AND v.field = 'value' JOIN n t ON t.parent = e.id AND t.field = 'target'
    WHERE e.class = 'AugAssign'
    UNION ALL
    SELECT d.id, false, e.id, false, 'joined', '[*]', 0, NULL, NULL
    FROM events e JOIN n t ON t.id = e.id AND t.field = 'target' JOIN n a ON a.id = t.parent AND a.class = 'AugAssign'
    JOIN events u ON u.id = e.id AND u.kind = 'use'
    JOIN reaching_defs r ON r.use_event_id = u.event_id JOIN events d ON d.event_id = r.def_event_id
    WHERE e.kind = 'def'
    UNION ALL -- what is called back for each item
    SELECT a.id, false, s.id, false, 'pop', '[*]', 1, e.src, NULL
    FROM edges e JOIN n a ON a.parent = e.src AND a.field = 'args' AND a.place > 0
    JOIN slots s ON s.def = e.dst AND s.place = a.place - 1
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method = 'callback'
    UNION ALL
    SELECT v.value, false, e.src, false, 'push', '[*]', 2, e.src, NULL
    FROM edges e JOIN returned v ON v.def = e.dst
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method = 'callback'
    UNION ALL -- operators, attributes and items that are calls
    SELECT v.id, false, s.id, false, 'keep', NULL, 1, e.src, NULL
    FROM edges e JOIN n v ON v.parent = e.src
        AND v.field IN ('left', 'right', 'operand', 'value', 'slice', 'comparators')
    JOIN slots s ON s.def = e.dst
        AND s.place = CASE WHEN v.field IN ('right', 'slice', 'comparators') THEN 1 ELSE 0 END
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method IN ('operator', 'attribute', 'item', 'await', 'format')
    UNION ALL
    SELECT v.value, false, e.src, false, 'keep', NULL, 2, e.src, NULL
    FROM edges e JOIN returned v ON v.def = e.dst
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method IN ('operator', 'attribute', 'item', 'await', 'format')
    UNION ALL
    SELECT c.id, false, s.id, false, 'keep', NULL, 1, c.id, NULL
    FROM edges e JOIN n c ON c.id = e.src JOIN slots s ON s.def = e.dst AND s.place = 0
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method IN ('context', 'iteration')
    UNION ALL
    SELECT v.value, false, o.id, false, 'keep', NULL, 2, c.id, NULL
    FROM edges e JOIN n c ON c.id = e.src JOIN returned v ON v.def = e.dst
    JOIN n o ON o.parent = c.parent AND o.field IN ('optional_vars', 'target')
    WHERE e.kind = 'IMPLICIT_CALL' AND e.method IN ('context', 'iteration')
    UNION ALL
    SELECT o.id, false, c.id, false, 'pop', '.' || trim(l.text, '''"'), 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN name_refs r ON r.name_ref_id = f.id
    JOIN n o ON o.parent = c.id AND o.field = 'args' AND o.place = 0
    JOIN n k ON k.parent = c.id AND k.field = 'args' AND k.place = 1 JOIN literals l ON l.literal_id = k.id
    WHERE r.name = 'getattr'
    UNION ALL -- what is made of a value
    SELECT v.id, false, e.id, false, 'all', NULL, 0, NULL, NULL
    FROM n e JOIN n v ON v.parent = e.id
    WHERE (e.class IN ('BinOp', 'UnaryOp') AND v.field IN ('left', 'right', 'operand'))
        OR (e.class = 'Compare' AND v.field IN ('left', 'comparators'))
        OR (e.class IN ('JoinedStr', 'FormattedValue') AND v.field IN ('values', 'value'))
    UNION ALL
    SELECT v.id, false, t.id, false, 'all', NULL, 0, NULL, NULL
    FROM n e JOIN n v ON v.parent = e.id AND v.field = 'value'
    JOIN n t ON t.parent = e.id AND t.field = 'target'
    WHERE e.class = 'AugAssign'
    UNION ALL -- the one before
    SELECT d.id, false, e.id, false, 'all', NULL, 0, NULL, NULL
    FROM events e JOIN events u ON u.id = e.id AND u.kind = 'use'
    JOIN reaching_defs r ON r.use_event_id = u.event_id JOIN events d ON d.event_id = r.def_event_id
    WHERE e.kind = 'def'
    UNION ALL
    SELECT v.id, false, c.id, false, 'all', NULL, 0, NULL, NULL
    FROM n c JOIN n v ON v.parent = c.id AND v.field IN ('args', 'keywords')
    WHERE c.class = 'Call' AND c.id NOT IN (SELECT call FROM runs)
        AND c.id NOT IN (SELECT call FROM made)
        AND c.id NOT IN (SELECT f.parent FROM n f JOIN name_refs r ON r.name_ref_id = f.id
            WHERE f.field = 'func' AND r.name IN ('len', 'isinstance', 'issubclass', 'callable', 'hasattr', 'id', 'type'))
    UNION ALL
    SELECT v.id, false, k.id, false, 'keep', NULL, 0, NULL, NULL
    FROM n k JOIN n v ON v.parent = k.id AND v.field = 'value' WHERE k.class = 'keyword'
    UNION ALL
    SELECT o.id, false, c.id, false, 'all', NULL, 0, NULL, NULL
    FROM n c JOIN n f ON f.parent = c.id AND f.field = 'func' JOIN attributes x ON x.attribute_id = f.id
    JOIN n o ON o.parent = f.id
    WHERE c.class = 'Call' AND c.id NOT IN (SELECT call FROM runs)
        AND x.attribute NOT IN ('pop', 'popleft', 'get', 'setdefault', 'get_nowait', 'items', 'values')
),
steps AS MATERIALIZED (
    SELECT s.* FROM all_steps s
    WHERE s.src NOT IN (SELECT x.id FROM unused u JOIN n x ON x.file_id = u.file_id AND u.id < x.id AND x.id < u.behind)
),
sources AS (
    SELECT p.param_id AS id, f.path || ':' || d.start_line AS place
    FROM params p JOIN defs d ON d.def_id = p.def_id JOIN repo_files f ON f.file_id = p.file_id
    WHERE p.name = 'taint_src'
),
sinks AS (
    SELECT p.param_id AS id, f.path || ':' || d.start_line AS place
    FROM params p JOIN defs d ON d.def_id = p.def_id JOIN repo_files f ON f.file_id = p.file_id
    WHERE d.name = 'taint_sink'
),
reached AS (
    SELECT place, id, false AS post, []::VARCHAR[] AS path, []::BIGINT[] AS inside FROM sources
    UNION
    SELECT r.place, s.dst, s.dst_post,
        CASE WHEN s.op = 'all' THEN [] WHEN s.op = 'push' THEN list_prepend(s.key, r.path) WHEN s.op = 'pop' THEN r.path[2:]
            WHEN s.op = 'any' THEN list_prepend('[*]', r.path[2:])
            WHEN s.op = 'items' THEN list_prepend('[*]', list_prepend(s.key, r.path[2:]))
            WHEN s.op = 'rest' THEN list_prepend(CASE WHEN r.path[1] = '[*]' THEN '[*]'
                ELSE '[' || (try_cast(regexp_extract(r.path[1], '^.([0-9]+)', 1) AS INTEGER)
                    - split_part(s.key, '|', 1)::INTEGER)::VARCHAR || ']' END, r.path[2:])
            ELSE r.path END,
        CASE s.crossing WHEN 1 THEN list_append(r.inside, s.call) WHEN 2 THEN r.inside[:-2] WHEN 3 THEN [] ELSE r.inside END
    FROM reached r JOIN steps s ON s.src = r.id AND s.src_post = r.post
    WHERE (s.op IN ('keep', 'push', 'all') OR (len(r.path) = 0 AND s.op = 'pop') OR (len(r.path) > 0 AND (r.path[1] = s.key
            OR (r.path[1][1] = '[' AND s.key[1] = '[' AND (s.key = '[*]' OR r.path[1] = '[*]'
                OR starts_with(r.path[1], s.key[:-2] || '|') OR ends_with(r.path[1], '|' || s.key[2:])))
            OR (s.op = 'items' AND r.path[1][1] = '[')
            OR (s.op = 'joined' AND r.path[1][1] = '[')
            OR (s.op = 'rest' AND r.path[1][1] = '[' AND (r.path[1] = '[*]'
                OR (try_cast(regexp_extract(r.path[1], '^.([0-9]+)', 1) AS INTEGER) >= split_part(s.key, '|', 1)::INTEGER
                    AND coalesce(-try_cast(regexp_extract(r.path[1], '[|](-[0-9]+)', 1) AS INTEGER), 99)
                        >= split_part(s.key, '|', 2)::INTEGER)))
            OR (s.key = '.*' AND r.path[1][1] = '.'))))
        AND (s.op <> 'push' OR len(r.path) < 12)
        AND (s.crossing <> 1 OR len(r.inside) < 12)
        AND (s.crossing <> 2 OR len(r.inside) = 0 OR r.inside[-1] = s.call)
        AND (s.gone IS NULL OR len(r.path) = 0 OR NOT (list_contains(s.gone, r.path[1]) OR list_contains(s.gone, split_part(r.path[1], '|', 1) || ']')
            OR (r.path[1][1] = '[' AND list_contains(s.gone, '[**]'))))
)
SELECT DISTINCT 'flow' AS kind, r.place AS "from", s.place AS "to"
FROM reached r JOIN sinks s ON s.id = r.id WHERE NOT r.post
ORDER BY 1, 2, 3
