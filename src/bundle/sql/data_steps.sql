-- SPDX-License-Identifier: Apache-2.0
-- The view data_steps (prepared.c): how data gets from place to place, one step a row.

-- name: view_data_steps
WITH RECURSIVE
n AS MATERIALIZED (
    SELECT node_id, file_id, ast_class, parent_id, field, field_index, n_subtree, context
    FROM syntax_nodes
),
-- What stands below what, with the place it has there.
kid AS MATERIALIZED (
    SELECT p.node_id AS par, p.ast_class AS par_class, p.context AS par_context,
        k.node_id AS kid, k.field,
        k.field_index AS idx, k.ast_class AS kid_class, k.context AS kid_context
    FROM n k JOIN n p ON p.node_id = k.parent_id
),
-- How a path calls an attribute or an item.
key AS MATERIALIZED (
    SELECT literal_id AS node_id, CASE WHEN literal_kind = 'string'
        THEN '[''' || substr(text, 2, length(text) - 2) || ''']' ELSE '[' || text || ']' END AS label
    FROM literals WHERE text IS NOT NULL
    UNION ALL
    SELECT a.par, '[' || CASE o.kid_class WHEN 'Add' THEN x.text::BIGINT + y.text::BIGINT WHEN 'Sub'
        THEN x.text::BIGINT - y.text::BIGINT
        WHEN 'Mult' THEN x.text::BIGINT * y.text::BIGINT END || ']'
    FROM kid a JOIN kid b ON b.par = a.par AND b.field = 'right' JOIN kid o ON o.par = a.par
        AND o.field = 'op'
    JOIN literals x ON x.literal_id = a.kid AND x.literal_kind = 'int'
        AND regexp_full_match(x.text, '[0-9]{1,6}')
    JOIN literals y ON y.literal_id = b.kid AND y.literal_kind = 'int'
        AND regexp_full_match(y.text, '[0-9]{1,6}')
    WHERE a.field = 'left' AND o.kid_class IN ('Add', 'Sub', 'Mult')
),
label AS MATERIALIZED (
    SELECT attribute_id AS node_id, value_id, context, '.' || attribute AS label FROM attributes
    UNION ALL
    SELECT v.par, v.kid, v.par_context, coalesce(l.label, '[*]')
    FROM kid v JOIN kid s ON s.par = v.par AND s.field = 'slice' LEFT JOIN key l ON l.node_id = s.kid
    WHERE v.par_class = 'Subscript' AND v.field = 'value'
),
-- Value, target, what is between them: nested tuples are taken apart.
targets AS MATERIALIZED (
    SELECT v.kid AS value, t.kid AS target FROM kid v JOIN kid t ON t.par = v.par
        AND t.field IN ('targets', 'target')
    WHERE v.par_class IN ('Assign', 'AnnAssign', 'NamedExpr') AND v.field = 'value'
),
event AS MATERIALIZED (SELECT event_id, node_id, event_kind, is_own FROM def_use_events),
reached AS (
    SELECT r.use_event_id AS use_event, r.def_event_id AS def_event, u.node_id AS use_node,
        d.node_id AS def_node
    FROM reaching_defs r JOIN event u ON u.event_id = r.use_event_id JOIN event d
        ON d.event_id = r.def_event_id
),
-- The outermost loop that a use stands in: what comes later there comes before, too.
loop AS (
    SELECT u.use_event, min(l.node_id) AS loop_id
    FROM reached u JOIN n l ON l.ast_class IN ('For', 'While', 'AsyncFor') AND l.file_id = u.use_node >> 24
        AND u.use_node > l.node_id AND u.use_node < l.node_id + l.n_subtree
    GROUP BY u.use_event
),
reach AS MATERIALIZED (
    SELECT r.use_event, r.def_event, r.use_node, r.def_node, l.loop_id
    FROM reached r LEFT JOIN loop l ON l.use_event = r.use_event
),
-- `o.a = v` takes away what o.a was, for what stands behind it in the same suite or deeper.
certain AS MATERIALIZED (SELECT use_event, any_value(use_node) AS use_node,
    any_value(def_event) AS def_event, any_value(def_node) AS def_node
    FROM reach GROUP BY use_event HAVING count(*) = 1),
-- Names that stand for the same object: `b = a`, while neither is bound anew.
same_object AS (
    SELECT def_event AS of_event, def_event AS event FROM certain
    UNION
    SELECT s.of_event, c.def_event FROM same_object s JOIN event e ON e.event_id = s.event
    JOIN kid t ON t.kid = e.node_id AND t.field = 'targets' AND t.par_class = 'Assign' JOIN kid v
        ON v.par = t.par AND v.field = 'value'
    JOIN certain c ON c.use_node = v.kid
),
-- Statements of calls that overwrite something of what they are given.
plain_call AS (
    SELECT c.call_id, k.par AS statement, c.callee_id, c.callee_text FROM calls c JOIN kid k
        ON k.kid = c.call_id AND k.par_class = 'Expr'
),
one_callee AS (SELECT src AS call_id, any_value(dst) AS def_id FROM edges
    WHERE kind = 'CALL' GROUP BY src HAVING count(DISTINCT dst) = 1),
-- What a function stores in what its parameter holds whenever it runs to its end.
sure_store AS (
    SELECT DISTINCT p.def_id, p.position, l.label, h.def_kind = 'class' AS is_method
    FROM params p JOIN defs d ON d.def_id = p.def_id LEFT JOIN defs h ON h.def_id = d.container_id
        JOIN event e ON e.node_id = p.param_id AND e.event_kind = 'def' JOIN certain c
        ON c.def_event = e.event_id JOIN label l ON l.value_id = c.use_node AND l.context = 'STORE'
    JOIN n k ON k.node_id = l.node_id JOIN n s ON s.node_id = k.parent_id
        AND s.ast_class IN ('Assign', 'AnnAssign') AND s.parent_id = p.def_id
    WHERE l.label <> '[*]'
),
-- Name, label, statement.
change AS (
    SELECT l.value_id AS node_id, l.label, k.parent_id AS statement FROM label l JOIN n k
        ON k.node_id = l.node_id
    JOIN n s ON s.node_id = k.parent_id AND s.ast_class IN ('Assign', 'AnnAssign', 'Delete')
        WHERE l.context IN ('STORE', 'DEL') AND l.label <> '[*]'
    UNION ALL
    SELECT a.value_id, '[', p.statement FROM plain_call p JOIN attributes a
        ON a.attribute_id = p.callee_id AND a.attribute = 'clear'
    UNION ALL
    SELECT a.value_id, '.' || substr(l.text, 2, length(l.text) - 2), p.statement FROM plain_call p
        JOIN args a ON a.call_id = p.call_id AND a.position = 0
    JOIN args b ON b.call_id = p.call_id AND b.position = 1 JOIN literals l
        ON l.literal_id = b.value_id WHERE p.callee_text IN ('setattr', 'delattr')
    UNION ALL
    SELECT a.value_id, l.label, p.statement FROM plain_call p JOIN attributes a
        ON a.attribute_id = p.callee_id AND a.attribute = 'update'
    JOIN args b ON b.call_id = p.call_id JOIN kid k ON k.par = b.value_id AND k.par_class = 'Dict'
        AND k.field = 'keys' JOIN key l ON l.node_id = k.kid
    UNION ALL
    SELECT coalesce(a.value_id, r.value_id), s.label, p.statement
    FROM plain_call p JOIN one_callee o ON o.call_id = p.call_id JOIN sure_store s ON s.def_id = o.def_id
    LEFT JOIN attributes r ON r.attribute_id = p.callee_id AND s.position = 0 AND s.is_method
    LEFT JOIN args a ON r.value_id IS NULL AND a.call_id = p.call_id AND a.arg_kind = 'positional'
        AND a.position = s.position
    WHERE coalesce(a.value_id, r.value_id) IS NOT NULL
),
suite_change AS (
    SELECT m.of_event AS def_event, c.use_event AS first_event, c.use_event AS last_event, x.label,
        x.statement
    FROM change x JOIN certain c ON c.use_node = x.node_id JOIN same_object m ON m.event = c.def_event
    UNION
    SELECT m.event, c.use_event, c.use_event, x.label, x.statement
    FROM change x JOIN certain c ON c.use_node = x.node_id JOIN same_object m ON m.of_event = c.def_event
),
both_change AS (
    SELECT * FROM suite_change
    UNION ALL
    SELECT a.def_event, least(a.first_event, b.first_event), greatest(a.last_event, b.last_event), a.label,
        s.parent_id
    FROM suite_change a JOIN suite_change b ON b.def_event = a.def_event AND b.label = a.label
    JOIN n s ON s.node_id = a.statement AND s.field = 'body' JOIN n o ON o.node_id = b.statement
        AND o.field = 'orelse' AND o.parent_id = s.parent_id
    JOIN n i ON i.node_id = s.parent_id AND i.ast_class = 'If'
),
overwrite AS MATERIALIZED (
    SELECT c.def_event, c.first_event, c.last_event AS at_event, c.label,
        s.node_id + s.n_subtree AS from_node,
        (SELECT max(x.node_id + x.n_subtree) FROM n x WHERE x.parent_id = s.parent_id
            AND x.field = s.field) AS to_node
    FROM both_change c JOIN n s ON s.node_id = c.statement
),
-- A use, and the definitions of other names that stand for the same object there.
other_name AS MATERIALIZED (
    SELECT a.use_event, a.use_node, m.def_event
    FROM certain a JOIN (
        SELECT of_event, event AS def_event FROM same_object WHERE event <> of_event
        UNION
        SELECT event, of_event FROM same_object WHERE event <> of_event
    ) m ON m.of_event = a.def_event
),
-- From a definition, or from a use that changed what it names, to the uses behind it.
local_flow AS MATERIALIZED (
    SELECT def_node AS src, 'value' AS mode, def_event AS since, use_event, use_node AS dst, def_event
        FROM reach
    UNION ALL
    SELECT def_node, 'change', def_event, use_event, use_node, def_event FROM reach
    UNION ALL
    SELECT a.use_node, 'change', a.use_event, b.use_event, b.use_node, a.def_event
    FROM reach a JOIN reach b ON b.def_event = a.def_event AND b.use_event > a.use_event
    UNION ALL
    SELECT a.use_node, 'change', a.use_event, b.use_event, b.use_node, a.def_event
    FROM reach a JOIN reach b ON b.def_event = a.def_event AND b.loop_id = a.loop_id
        AND b.use_event < a.use_event
    UNION ALL
    SELECT a.use_node, 'change', a.use_event, b.use_event, b.use_node, b.def_event
    FROM other_name a JOIN reach b ON b.def_event = a.def_event AND b.use_event > a.use_event
),
local_step AS (
    SELECT f.src, f.mode, f.dst, list(DISTINCT o.label) FILTER (WHERE o.label IS NOT NULL) AS killed
    FROM local_flow f LEFT JOIN overwrite o ON o.def_event = f.def_event AND o.first_event > f.since
        AND o.at_event < f.use_event
        AND f.dst >= o.from_node AND f.dst < o.to_node
    GROUP BY f.src, f.mode, f.dst, f.def_event
),
-- Functions inside others that nothing names never run.
never AS MATERIALIZED (
    SELECT d.def_id AS from_node, d.def_id + s.n_subtree AS to_node FROM defs d JOIN n s
        ON s.node_id = d.def_id JOIN defs o ON o.def_id = d.container_id AND o.def_kind <> 'class'
    JOIN name_bindings b ON b.node_id = d.def_id
    WHERE d.def_kind IN ('function', 'async_function') AND d.n_decorators = 0
        AND NOT EXISTS (FROM name_bindings u WHERE u.slot_id = b.slot_id AND u.occurrence = 'load')
),
-- Variables that others than their own scope read or write: any definition, any use.
shared_step AS (
    SELECT DISTINCT d.node_id AS src, u.node_id AS dst
    FROM name_bindings d JOIN event de ON de.node_id = d.node_id AND de.event_kind = 'def'
    JOIN name_bindings u ON u.slot_id = d.slot_id JOIN event ue ON ue.node_id = u.node_id
        AND ue.event_kind = 'use'
    WHERE NOT (de.is_own AND ue.is_own) AND NOT EXISTS (FROM never x
        WHERE x.from_node >> 24 = d.node_id >> 24 AND d.node_id >= x.from_node AND d.node_id < x.to_node)
),
-- Names and attributes that lead to what another file binds.
import_step AS (
    SELECT DISTINCT t.target_id AS src, t.node_id AS dst
    FROM name_targets t JOIN event e ON e.node_id = t.target_id AND e.event_kind = 'def'
    WHERE t.is_final AND (t.target_id >> 24) <> (t.node_id >> 24)
),
-- Calls: who runs, with which parameters, and what stands for the first of them.
method AS MATERIALIZED (
    SELECT d.def_id, (SELECT max(CASE WHEN x.text = 'staticmethod' THEN 2 WHEN x.text = 'classmethod'
        THEN 1 END)
        FROM decorators x WHERE x.def_id = d.def_id) AS special
    FROM defs d JOIN defs c ON c.def_id = d.container_id AND c.def_kind = 'class'
    WHERE d.def_kind <> 'class'
),
class_ref AS MATERIALIZED (
    SELECT DISTINCT t.node_id FROM name_targets t JOIN defs d ON d.def_id = t.target_id
        AND d.def_kind = 'class' WHERE t.is_final
),
called AS MATERIALIZED (
    SELECT e.src AS call_id, e.dst AS def_id, d.def_kind, d.is_generator, c.callee_id,
        a.value_id AS object_id, d.name,
        i.src IS NOT NULL AS makes,
        CASE WHEN m.def_id IS NULL OR m.special = 2 THEN 0
             WHEN i.src IS NOT NULL THEN 1
             WHEN a.value_id IN (SELECT node_id FROM class_ref) AND m.special IS NULL THEN 0
             ELSE 1 END AS shift
    FROM (SELECT DISTINCT src, dst FROM edges WHERE kind = 'CALL') e JOIN defs d ON d.def_id = e.dst
        JOIN calls c ON c.call_id = e.src
    LEFT JOIN attributes a ON a.attribute_id = c.callee_id LEFT JOIN method m ON m.def_id = d.def_id
    LEFT JOIN (SELECT DISTINCT src FROM edges WHERE kind = 'INSTANTIATES') i ON i.src = e.src
        AND d.name IN ('__init__', '__new__')
),
-- Methods that are called by another name: the object that they were read from.
origin AS (
    SELECT c.call_id, c.callee_id AS node, c.name, 0 AS depth FROM called c WHERE c.shift = 1
        AND c.object_id IS NULL AND NOT c.makes
    UNION
    SELECT o.call_id, s.node, o.name, o.depth + 1 FROM origin o JOIN (
        SELECT use_node AS of_node, def_node AS node FROM reach
        UNION ALL SELECT target, value FROM targets
        UNION ALL SELECT dst, src FROM shared_step
        UNION ALL SELECT p.param_id, a.value_id FROM called c JOIN args a ON a.call_id = c.call_id
            AND a.arg_kind = 'positional'
            JOIN params p ON p.def_id = c.def_id AND p.position = a.position + c.shift
                AND p.param_kind IN ('positional', 'positional_only')
    ) s ON s.of_node = o.node WHERE o.depth < 6
),
bound AS MATERIALIZED (
    SELECT DISTINCT o.call_id, o.name, a.value_id AS object_id FROM origin o JOIN attributes a
        ON a.attribute_id = o.node AND a.attribute = o.name
),
-- Argument, parameter, and what is done to the path on the way.
passed AS MATERIALIZED (
    SELECT c.call_id, a.value_id AS arg, p.param_id AS param,
        CASE WHEN p.param_kind = 'vararg' THEN '[' || (a.position + c.shift - p.position) || ']'
             WHEN p.param_kind = 'varkw' THEN '[''' || a.keyword || ''']' END AS push, NULL::VARCHAR AS pop
    FROM called c JOIN args a ON a.call_id = c.call_id JOIN params p ON p.def_id = c.def_id
    WHERE (a.arg_kind = 'positional' AND NOT EXISTS (FROM args s WHERE s.call_id = a.call_id
        AND s.arg_kind = 'star' AND s.position < a.position)
              AND (p.param_kind IN ('positional', 'positional_only') AND p.position = a.position + c.shift
              OR p.param_kind = 'vararg' AND p.position <= a.position + c.shift))
        OR (a.arg_kind = 'keyword' AND (p.name = a.keyword AND p.param_kind IN ('positional', 'keyword_only')
              OR p.param_kind = 'varkw' AND NOT EXISTS (FROM params q WHERE q.def_id = c.def_id
                  AND q.name = a.keyword AND q.param_kind IN ('positional', 'keyword_only'))))
    UNION ALL
    SELECT c.call_id, a.value_id, p.param_id, NULL, '[' || (p.position - a.position - c.shift) || ']'
    FROM called c JOIN args a ON a.call_id = c.call_id AND a.arg_kind = 'star' JOIN params p
        ON p.def_id = c.def_id
        AND p.param_kind IN ('positional', 'positional_only') AND p.position >= a.position + c.shift
    UNION ALL
    SELECT c.call_id, a.value_id, p.param_id, NULL, NULL
    FROM called c JOIN args a ON a.call_id = c.call_id AND a.arg_kind = 'star' JOIN params p
        ON p.def_id = c.def_id
        AND p.param_kind = 'vararg' AND p.position <= a.position + c.shift
    UNION ALL
    SELECT c.call_id, a.value_id, p.param_id, NULL, '[''' || p.name || ''']'
    FROM called c JOIN args a ON a.call_id = c.call_id AND a.arg_kind = 'double_star' JOIN params p
        ON p.def_id = c.def_id
        AND p.param_kind IN ('positional', 'keyword_only')
    UNION ALL
    SELECT c.call_id, a.value_id, p.param_id, NULL, NULL
    FROM called c JOIN args a ON a.call_id = c.call_id AND a.arg_kind = 'double_star' JOIN params p
        ON p.def_id = c.def_id
        AND p.param_kind = 'varkw'
-- The object that a method is called of.
    UNION ALL
    SELECT c.call_id, CASE WHEN c.object_id IS NULL OR o.ast_class = 'Call' AND s.callee_text = 'super'
        THEN NULL ELSE c.object_id END,
        p.param_id, NULL, NULL
    FROM called c JOIN params p ON p.def_id = c.def_id AND p.position = 0 AND c.shift = 1
    LEFT JOIN n o ON o.node_id = c.object_id LEFT JOIN calls s ON s.call_id = c.object_id
    WHERE NOT c.makes
-- __new__ is given the class.
    UNION ALL
    SELECT c.call_id, c.callee_id, p.param_id, NULL, NULL FROM called c JOIN params p
        ON p.def_id = c.def_id AND p.position = 0 WHERE c.makes AND c.name = '__new__'
    UNION ALL
    SELECT c.call_id, b.object_id, p.param_id, NULL, NULL FROM bound b JOIN called c
        ON c.call_id = b.call_id AND c.name = b.name JOIN params p ON p.def_id = c.def_id AND p.position = 0
-- Super().m() hands on its own first parameter.
    UNION ALL
    SELECT c.call_id, q.param_id, p.param_id, NULL, NULL
    FROM called c JOIN params p ON p.def_id = c.def_id AND p.position = 0 AND c.shift = 1
    JOIN calls s ON s.call_id = c.object_id AND s.callee_text = 'super' JOIN params q
        ON q.def_id = s.enclosing_def_id AND q.position = 0
-- An object is called.
    UNION ALL
    SELECT c.call_id, c.callee_id, p.param_id, NULL, NULL
    FROM called c JOIN params p ON p.def_id = c.def_id AND p.position = 0 AND c.shift = 1
        WHERE c.name = '__call__'
),
-- What a function gives back: the innermost definition around a return or yield.
gives AS MATERIALIZED (
    SELECT k.kid AS value, k.par_class, (
        SELECT max(d.def_id) FROM defs d JOIN n x ON x.node_id = d.def_id
        WHERE d.def_kind <> 'class' AND d.file_id = k.par >> 24 AND k.par > d.def_id
            AND k.par < d.def_id + x.n_subtree) AS def_id
    FROM kid k WHERE k.par_class IN ('Return', 'Yield', 'YieldFrom') AND k.field = 'value'
    UNION ALL
    SELECT k.kid, 'Return', k.par FROM kid k WHERE k.par_class = 'Lambda' AND k.field = 'body'
),
-- Methods of containers and functions that hand on what they are given: argument, path taken, path given.
library AS (
    SELECT * FROM (VALUES
        ('pop', 'object', '[*]', NULL), ('get', 'object', '[*]', NULL), ('popleft', 'object', '[*]', NULL),
            ('__next__', 'object', '[*]', NULL),
        ('setdefault', 'object', '[*]', NULL), ('popitem', 'object', '[*]', '[1]'), ('__getitem__',
            'object', '[*]', NULL),
        ('values', 'object', '[*]', '[*]'), ('copy', 'object', NULL, NULL), ('items', 'object', '[*]',
            '[*][1]'),
        ('__iter__', 'object', NULL, NULL), ('__aiter__', 'object', NULL, NULL),
        ('__anext__', 'object', '[*]', NULL), ('union', 'object', NULL, NULL), ('send', 'object', '[*]', NULL)
    ) t(name, what, pop, push)
),
function AS (
    SELECT * FROM (VALUES
        ('iter', NULL, NULL), ('aiter', NULL, NULL), ('next', '[*]', NULL), ('anext', '[*]', NULL),
            ('list', '[*]', '[*]'), ('tuple', NULL, NULL), ('set', '[*]', '[*]'),
        ('frozenset', '[*]', '[*]'), ('sorted', '[*]', '[*]'), ('reversed', '[*]', '[*]'), ('dict', NULL,
            NULL), ('max', '[*]', NULL),
        ('min', '[*]', NULL), ('enumerate', '[*]', '[*][1]'), ('copy.copy', NULL, NULL), ('copy.deepcopy',
            NULL, NULL)
    ) t(name, pop, push)
),
mutator AS (
    SELECT * FROM (VALUES
        ('append', 0, NULL, '[*]'), ('add', 0, NULL, '[*]'), ('appendleft', 0, NULL, '[*]'), ('insert', 1,
            NULL, '[*]'),
        ('extend', 0, '[*]', '[*]'), ('update', 0, NULL, NULL), ('setdefault', 1, NULL, '[*]'),
            ('__setitem__', 1, NULL, '[*]'), ('put', 0, NULL, '[*]')
    ) t(name, position, pop, push)
),
-- Calls that nothing of the repository answers.
outside AS MATERIALIZED (
    SELECT c.call_id, c.callee_id, c.callee_text, a.attribute, a.value_id AS object_id
    FROM calls c LEFT JOIN attributes a ON a.attribute_id = c.callee_id
    WHERE c.call_id NOT IN (SELECT call_id FROM called) AND c.call_id NOT IN (SELECT src FROM edges
        WHERE kind = 'INSTANTIATES')
),
step AS (
    SELECT src, mode AS src_state, dst, 'value' AS dst_state, 'copy' AS effect, NULL::VARCHAR AS takes,
        NULL::VARCHAR AS gives, 0::BIGINT AS number, killed AS overwritten
    FROM local_step
    UNION ALL SELECT src, 'value', dst, 'value', 'shared', NULL, NULL, 0, NULL FROM shared_step
    UNION ALL SELECT src, 'value', dst, 'value', 'shared', NULL, NULL, 0, NULL FROM import_step
    -- what is changed through one name is seen through others that stand for it
    UNION ALL SELECT dst, 'change', src, 'change', 'shared', NULL, NULL, 0, NULL FROM shared_step
        WHERE NOT EXISTS (FROM never x WHERE x.from_node >> 24 = dst >> 24 AND dst >= x.from_node
        AND dst < x.to_node)
    UNION ALL SELECT src, 'change', dst, 'value', 'shared', NULL, NULL, 0, NULL FROM shared_step
    UNION ALL SELECT src, 'back', dst, 'value', 'shared', NULL, NULL, 0, NULL FROM shared_step
    UNION ALL SELECT param_id, 'change', param_id, 'back', 'field', NULL, NULL, 0, NULL FROM params
    -- what is changed is changed in what holds it, and in what it was made of
    UNION ALL SELECT par, 'change', kid, 'change', 'inner', '[' || idx || ']', NULL, 0, NULL FROM kid
        WHERE par_class IN ('Tuple', 'List') AND par_context = 'LOAD' AND kid_class <> 'Starred'
    UNION ALL SELECT v.par, 'change', v.kid, 'change', 'inner', coalesce(l.label, '[*]'), NULL, 0, NULL
        FROM kid v JOIN kid k ON k.par = v.par AND k.field = 'keys' AND k.idx = v.idx LEFT JOIN key l
            ON l.node_id = k.kid WHERE v.par_class = 'Dict' AND v.field = 'values'
    UNION ALL SELECT par, 'change', kid, 'change', 'field', NULL, NULL, 0, NULL FROM kid
        WHERE par_class = 'IfExp' AND field IN ('body', 'orelse')
    UNION ALL SELECT dst, 'change', src, 'change', 'shared', NULL, NULL, 0, NULL FROM import_step
    UNION ALL SELECT src, 'change', dst, 'value', 'shared', NULL, NULL, 0, NULL FROM import_step
    UNION ALL SELECT DISTINCT use_node, 'change', def_node, 'back', 'field', NULL, NULL, 0, NULL FROM reach
    UNION ALL SELECT src, 'change', src, 'back', 'field', NULL, NULL, 0, NULL FROM shared_step
    UNION ALL SELECT target, 'back', value, 'change', 'field', NULL, NULL, 0, NULL FROM targets t
        WHERE value NOT IN (SELECT use_node FROM certain)
        OR EXISTS (FROM reach r WHERE r.def_node = t.target AND r.use_event NOT IN (SELECT use_event
            FROM certain))
    UNION ALL SELECT t.target, 'back', c.def_node, 'back', 'field', NULL, NULL, 0, NULL FROM targets t
        JOIN certain c ON c.use_node = t.value
    -- assignments
    UNION ALL SELECT value, 'value', target, 'value', 'copy', NULL, NULL, 0, NULL FROM targets
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, NULL, 0, NULL FROM kid
        WHERE par_class = 'NamedExpr' AND field = 'value'
    UNION ALL SELECT v.kid, 'value', t.kid, 'value', 'derive_whole', NULL, NULL, 0, NULL FROM kid v JOIN kid t
        ON t.par = v.par AND t.field = 'target'
        WHERE v.par_class = 'AugAssign' AND v.field = 'value'
    UNION ALL SELECT v.kid, 'value', t.kid, 'value', 'elements', NULL, NULL, 0, NULL FROM kid v JOIN kid t
        ON t.par = v.par AND t.field = 'target'
        WHERE v.par_class = 'AugAssign' AND v.field = 'value'
    UNION ALL SELECT k.par, 'value', k.kid, 'value', CASE WHEN k.kid_class IN ('Starred', 'MatchStar')
        THEN 'rest' WHEN s.kid IS NULL THEN 'copy' ELSE 'after' END,
        CASE WHEN k.kid_class NOT IN ('Starred', 'MatchStar') AND s.kid IS NULL
            THEN '[' || k.idx || ']' END, NULL, k.idx, NULL
        FROM kid k LEFT JOIN kid s ON s.par = k.par AND s.kid_class IN ('Starred', 'MatchStar') AND s.idx < k.idx
        WHERE (k.par_class IN ('Tuple', 'List') AND k.par_context = 'STORE') OR k.par_class = 'MatchSequence'
    -- patterns
    UNION ALL SELECT s.kid, 'value', p.kid, 'value', 'copy', NULL, NULL, 0, NULL FROM kid s JOIN kid c
        ON c.par = s.par AND c.field = 'cases' JOIN kid p ON p.par = c.kid AND p.field = 'pattern'
        WHERE s.par_class = 'Match' AND s.field = 'subject'
    UNION ALL SELECT par, 'value', kid, 'value', 'copy', NULL, NULL, 0, NULL FROM kid
        WHERE par_class IN ('MatchAs', 'MatchOr') AND field IN ('pattern', 'patterns')
    UNION ALL SELECT v.par, 'value', v.kid, 'value', 'copy', coalesce(l.label, '[*]'), NULL, 0, NULL
        FROM kid v JOIN kid k ON k.par = v.par AND k.field = 'keys' AND k.idx = v.idx LEFT JOIN key l
            ON l.node_id = k.kid WHERE v.par_class = 'MatchMapping' AND v.field = 'patterns'
    -- exceptions
    UNION ALL SELECT e.kid, 'value', h.kid, 'value', 'copy', NULL, NULL, 0, NULL FROM kid e JOIN kid b
        ON b.kid >> 24 = e.par >> 24 AND e.par >= b.kid AND b.field = 'body' AND b.par_class IN ('Try', 'TryStar')
        JOIN n s ON s.node_id = b.kid AND e.par < s.node_id + s.n_subtree JOIN kid h ON h.par = b.par
            AND h.field = 'handlers'
        WHERE e.par_class = 'Raise' AND e.field = 'exc'
    UNION ALL SELECT par, 'value', kid, 'value', 'copy', NULL, NULL, 0, NULL FROM kid
        WHERE par_class = 'Starred' AND par_context = 'STORE'
    UNION ALL SELECT i.kid, 'value', t.kid, 'value', 'copy', '[*]', NULL, 0, NULL FROM kid i JOIN kid t
        ON t.par = i.par AND t.field = 'target'
        WHERE i.par_class IN ('For', 'AsyncFor', 'comprehension') AND i.field = 'iter'
    UNION ALL SELECT i.kid, 'value', t.kid, 'value', 'copy', NULL, NULL, 0, NULL FROM kid i JOIN kid t
        ON t.par = i.par AND t.field = 'optional_vars'
        WHERE i.par_class = 'withitem' AND i.field = 'context_expr'
    -- attributes and items, read and written
    UNION ALL SELECT value_id, 'value', node_id, 'value', 'copy', label, NULL, 0, NULL FROM label
        WHERE context = 'LOAD'
    UNION ALL SELECT node_id, 'value', value_id, 'change', 'copy', NULL, label, 0, NULL FROM label
        WHERE context = 'STORE'
    UNION ALL SELECT node_id, 'change', value_id, 'change', 'field', NULL, label, 0, NULL FROM label
        WHERE context = 'LOAD'
    -- expressions
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, NULL, 0, NULL FROM kid
        k WHERE (par_class = 'IfExp' AND field IN ('body', 'orelse')
            AND NOT EXISTS (FROM kid t JOIN literals l ON l.literal_id = t.kid WHERE t.par = k.par
                AND t.field = 'test' AND l.text = CASE k.field WHEN 'body' THEN 'False' ELSE 'True' END))
    -- What is passed on from the middle of `and` is empty.
        OR (par_class = 'BoolOp' AND field = 'values'
            AND NOT EXISTS (FROM kid o JOIN kid x ON x.par = o.par AND x.field = 'values' AND x.idx > k.idx
                WHERE o.par = k.par AND o.kid_class = 'And'))
        OR (par_class = 'Await' AND field = 'value')
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, '[' || idx || ']', 0, NULL FROM kid
        WHERE par_class IN ('Tuple', 'List') AND par_context = 'LOAD' AND kid_class <> 'Starred'
    UNION ALL SELECT s.kid, 'value', k.par, 'value', 'elements', NULL, NULL, 0, NULL FROM kid k JOIN kid s
        ON s.par = k.kid
        WHERE k.par_class IN ('Tuple', 'List', 'Set') AND k.kid_class = 'Starred'
            AND k.par_context IS DISTINCT FROM 'STORE'
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, '[*]', 0, NULL FROM kid
        WHERE par_class = 'Set' AND kid_class <> 'Starred'
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, '[*]', 0, NULL FROM kid
        WHERE par_class IN ('ListComp', 'SetComp', 'GeneratorExp') AND field = 'elt'
    UNION ALL SELECT kid, 'value', par, 'value', 'copy', NULL, '[*]', 0, NULL FROM kid
        WHERE par_class = 'DictComp' AND field = 'value'
    UNION ALL SELECT v.kid, 'value', v.par, 'value', 'copy', NULL, coalesce(l.label, '[*]'), 0, NULL
        FROM kid v JOIN kid k ON k.par = v.par AND k.field = 'keys' AND k.idx = v.idx LEFT JOIN key l
            ON l.node_id = k.kid
        WHERE v.par_class = 'Dict' AND v.field = 'values'
    UNION ALL SELECT v.kid, 'value', v.par, 'value', 'copy', NULL, NULL, 0, NULL
        FROM kid v WHERE v.par_class = 'Dict' AND v.field = 'values' AND NOT EXISTS (FROM kid k
            WHERE k.par = v.par AND k.field = 'keys' AND k.idx = v.idx)
    UNION ALL SELECT kid, 'value', par, 'value', 'derive_whole', NULL, NULL, 0, NULL FROM kid
        WHERE (par_class = 'BinOp' AND field IN ('left', 'right')) OR (par_class = 'UnaryOp'
            AND field = 'operand') OR par_class IN ('JoinedStr', 'FormattedValue')
    UNION ALL SELECT k.kid, 'value', k.par, 'value', 'derive', NULL, NULL, 0, NULL FROM kid k JOIN kid o
        ON o.par = k.par AND o.kid_class = 'Mod' WHERE k.par_class = 'BinOp' AND k.field = 'right'
    UNION ALL SELECT kid, 'value', par, 'value', 'keep', NULL, NULL, 0, NULL FROM kid
        WHERE par_class = 'BinOp' AND field = 'left'
    UNION ALL SELECT k.kid, 'value', k.par, 'value', 'elements', NULL, NULL, 0, NULL FROM kid k JOIN kid o
        ON o.par = k.par AND o.kid_class IN ('Add', 'BitOr', 'BitXor', 'BitAnd') WHERE k.par_class = 'BinOp'
        AND k.field = 'right'
    UNION ALL SELECT l.value_id, 'value', l.node_id, 'value', 'derive_whole', NULL, NULL, 0, NULL
        FROM label l WHERE l.context = 'LOAD'
    -- slices keep what stands in them
    UNION ALL SELECT l.value_id, 'value', l.node_id, 'value', 'elements', NULL, NULL, 0, NULL FROM label l
        JOIN kid s ON s.par = l.node_id AND s.field = 'slice' AND s.kid_class = 'Slice' WHERE l.context = 'LOAD'
    -- calls
    UNION ALL SELECT arg, 'value', param, 'value', 'enter', pop, push, call_id, NULL FROM passed
        WHERE arg IS NOT NULL
    UNION ALL SELECT param, 'back', arg, 'change', 'leave', push, pop, call_id, NULL FROM passed
        WHERE arg IS NOT NULL
    UNION ALL SELECT p.param_id, 'back', c.call_id, 'value', 'leave', NULL, NULL, c.call_id, NULL
        FROM called c JOIN params p ON p.def_id = c.def_id AND p.position = 0 WHERE c.makes
            AND c.name = '__init__'
    UNION ALL SELECT c.call_id, 'change', g.value, 'change', 'enter', NULL, NULL, c.call_id, NULL
        FROM called c JOIN gives g ON g.def_id = c.def_id AND g.par_class = 'Return' WHERE NOT c.makes
    UNION ALL SELECT g.value, 'value', c.call_id, 'value', 'leave', NULL, CASE WHEN g.par_class = 'Yield'
        THEN '[*]' END, c.call_id, NULL
        FROM gives g JOIN called c ON c.def_id = g.def_id WHERE NOT c.makes AND (g.par_class <> 'Return'
            OR NOT c.is_generator)
    UNION ALL SELECT default_id, 'value', param_id, 'value', 'shared', NULL, NULL, 0, NULL FROM params
        WHERE default_id IS NOT NULL
    -- what a class holds, its instances have
    UNION ALL SELECT b.node_id, 'value', d.def_id, 'value', 'shared', NULL, '.' || b.name, 0, NULL
        FROM name_bindings b JOIN event e ON e.node_id = b.node_id AND e.event_kind = 'def' JOIN scopes s
            ON s.scope_id = b.slot_scope_id JOIN defs d ON d.def_id = s.node_id AND d.def_kind = 'class'
    UNION ALL SELECT c.callee_id, 'value', c.call_id, 'value', 'field', NULL, NULL, 0, NULL FROM calls c
        WHERE c.call_id IN (SELECT src FROM edges WHERE kind = 'INSTANTIATES')
    UNION ALL SELECT d.container_id, 'value', p.param_id, 'value', 'field', NULL, NULL, 0, NULL
        FROM method m JOIN defs d ON d.def_id = m.def_id JOIN params p ON p.def_id = d.def_id AND p.position = 0
    -- fields of a class whose constructor is made for it
    UNION ALL SELECT a.value_id, 'value', e.src, 'value', 'copy', NULL, '.' || coalesce(a.keyword, f.name), 0,
        NULL
        FROM edges e JOIN decorators x ON x.def_id = e.dst
            AND x.text IN ('dataclass', 'dataclasses.dataclass') JOIN args a ON a.call_id = e.src
        LEFT JOIN (SELECT b.par AS def_id, r.name,
            row_number() OVER (PARTITION BY b.par ORDER BY b.kid) - 1 AS position
            FROM kid b JOIN kid t ON t.par = b.kid AND t.field = 'target' JOIN name_refs r
                ON r.name_ref_id = t.kid WHERE b.kid_class = 'AnnAssign' AND b.par_class = 'ClassDef') f
        ON f.def_id = e.dst AND a.arg_kind = 'positional' AND f.position = a.position
        WHERE e.kind = 'INSTANTIATES' AND coalesce(a.keyword, f.name) IS NOT NULL
    -- what lies outside
    UNION ALL SELECT o.object_id, 'value', o.call_id, 'value', 'copy', CASE
        WHEN l.name IN ('get', 'pop', 'setdefault', '__getitem__') THEN coalesce(k.label, l.pop)
        ELSE l.pop END, l.push, 0, NULL
        FROM outside o JOIN library l ON l.name = o.attribute LEFT JOIN args a ON a.call_id = o.call_id
            AND a.position = 0 LEFT JOIN key k ON k.node_id = a.value_id
    UNION ALL SELECT a.value_id, 'value', o.call_id, 'value', 'copy', NULL, NULL, 0, NULL FROM outside o
        JOIN args a ON a.call_id = o.call_id AND a.position = 1 WHERE o.attribute IN ('setdefault', 'get', 'pop')
    UNION ALL SELECT a.value_id, 'value', k.par, 'value', 'shared', NULL, NULL, 0, NULL FROM outside o
        JOIN args a ON a.call_id = o.call_id AND o.attribute IN ('send', 'asend')
        JOIN reach r ON r.use_node = o.object_id JOIN targets t ON t.target = r.def_node JOIN called c
            ON c.call_id = t.value JOIN gives g ON g.def_id = c.def_id AND g.par_class = 'Yield' JOIN kid k
            ON k.kid = g.value
    UNION ALL SELECT a.value_id, 'value', o.call_id, 'value', 'copy', f.pop, f.push, 0, NULL FROM outside o
        JOIN function f ON f.name = o.callee_text JOIN args a ON a.call_id = o.call_id
        AND a.arg_kind = 'positional'
    UNION ALL SELECT a.value_id, 'value', o.call_id, 'value', 'copy', NULL, '[''' || a.keyword || ''']', 0,
        NULL FROM outside o JOIN args a ON a.call_id = o.call_id AND a.arg_kind = 'keyword'
        WHERE o.callee_text = 'dict'
    UNION ALL SELECT a.value_id, 'value', o.call_id, 'value', 'copy', '[*]', '[*][' || a.position || ']', 0,
        NULL FROM outside o JOIN args a ON a.call_id = o.call_id AND a.arg_kind = 'positional'
        WHERE o.callee_text = 'zip'
    UNION ALL SELECT a.value_id, 'value', o.object_id, 'change', 'copy', m.pop, CASE
        WHEN m.name IN ('setdefault', '__setitem__') THEN coalesce(k.label, m.push) ELSE m.push END, 0, NULL
        FROM outside o JOIN mutator m ON m.name = o.attribute JOIN args a ON a.call_id = o.call_id
        AND a.position = m.position AND a.arg_kind = 'positional'
        LEFT JOIN args i ON i.call_id = o.call_id AND i.position = 0 LEFT JOIN key k ON k.node_id = i.value_id
    UNION ALL SELECT a.value_id, 'value', g.call_id, 'value', 'copy', '.' || substr(l.text, 2,
        length(l.text) - 2), NULL, 0, NULL
        FROM outside g JOIN args a ON a.call_id = g.call_id AND a.position = 0 JOIN args b
            ON b.call_id = g.call_id AND b.position = 1 JOIN literals l ON l.literal_id = b.value_id
            WHERE g.callee_text = 'getattr'
    UNION ALL SELECT v.value_id, 'value', a.value_id, 'change', 'copy', NULL, '.' || substr(l.text, 2,
        length(l.text) - 2), 0, NULL
        FROM outside g JOIN args a ON a.call_id = g.call_id AND a.position = 0 JOIN args b
            ON b.call_id = g.call_id AND b.position = 1 JOIN args v ON v.call_id = g.call_id AND v.position = 2
        JOIN literals l ON l.literal_id = b.value_id WHERE g.callee_text = 'setattr'
    UNION ALL SELECT a.value_id, 'value', o.call_id, 'value', CASE WHEN f.name IS NULL THEN 'derive'
        ELSE 'derive_whole' END, NULL, NULL, 0, NULL
        FROM outside o JOIN args a ON a.call_id = o.call_id LEFT JOIN function f ON f.name = o.callee_text
    UNION ALL SELECT o.object_id, 'value', o.call_id, 'value', 'derive_whole', NULL, NULL, 0, NULL
        FROM outside o WHERE o.object_id IS NOT NULL
)
SELECT src, src_state, dst, dst_state, effect, takes,
    CASE WHEN gives LIKE '[*][%' THEN ['[*]', gives[4:]] WHEN gives IS NOT NULL THEN [gives] END AS gives,
    number, overwritten
FROM step
ORDER BY src, src_state, dst, dst_state, effect, takes, gives, number, overwritten;
