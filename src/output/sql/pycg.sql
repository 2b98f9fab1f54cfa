-- SPDX-License-Identifier: Apache-2.0
-- Who calls whom, by the names that PyCG has for them (pycg.c): what calls, and what it calls, NULL for a
-- name that has to be there and calls nothing.

-- name: pycg
WITH RECURSIVE
modules_by_name AS (
    SELECT m.module_id AS id,
           coalesce(m.module, replace(regexp_replace(f.path, '\.pyi?$', ''), '/', '.')) AS name
    FROM modules m
    JOIN repo_files f ON f.file_id = m.file_id
),
-- The n-th lambda of a scope is <lambdaN>.
parts AS (
    SELECT def_id, container_id, def_kind,
           CASE WHEN def_kind = 'lambda'
                THEN '<lambda' || row_number() OVER (PARTITION BY container_id, def_kind ORDER BY def_id)
                     || '>'
                ELSE name END AS part
    FROM defs
),
-- Each with the function or module whose code it is: a class body's is that of what encloses it.
scopes_by_name AS (
    SELECT id, name, id AS code_id, name AS code_name, false AS is_class FROM modules_by_name
    UNION ALL
    SELECT p.def_id, s.name || '.' || p.part,
           CASE WHEN p.def_kind = 'class' THEN s.code_id ELSE p.def_id END,
           CASE WHEN p.def_kind = 'class' THEN s.code_name ELSE s.name || '.' || p.part END,
           p.def_kind = 'class'
    FROM scopes_by_name s
    JOIN parts p ON p.container_id = s.id
),
-- What calls lead to; an instance is made by the __init__ that the class has, if it has one.
inside AS (
    SELECT c.call_id, e.dst
    FROM edges e
    JOIN calls c ON c.call_id = e.src
    JOIN defs d ON d.def_id = e.dst AND d.def_kind <> 'class'
    WHERE e.kind = 'CALL'
),
-- builtins.str.join is <**PyStr**>.join, builtins.len is <builtin>.len.
outside AS (
    SELECT call_id,
           CASE WHEN NOT starts_with(external, 'builtins.') THEN external
                WHEN regexp_matches(external, '^builtins\.(int|float|complex)\.')
                THEN regexp_replace(external, '^builtins\.\w+\.', '<**PyNum**>.')
                WHEN regexp_matches(external, '^builtins\.[a-z]+\.')
                THEN '<**Py' || upper(external[10]) || regexp_replace(external[11:], '\.', '**>.')
                ELSE '<builtin>' || external[9:] END AS name
    FROM (SELECT call_id, replace(external, '()', '') AS external
          FROM call_targets
          WHERE external IS NOT NULL AND NOT ends_with(external, '()') AND NOT contains(external, '['))
),
-- What decorates a definition is called where that stands.
decorating AS (
    SELECT d.def_id, t.target_id
    FROM decorators d
    JOIN name_targets t ON t.node_id = d.decorator_id
    JOIN defs f ON f.def_id = t.target_id AND f.def_kind <> 'class'
),
-- What runs without being called in so many words: iteration, callbacks, decorators that values lead to.
implied AS (
    SELECT e.dst, s.file_id,
           (SELECT d.def_id FROM defs d
            WHERE d.file_id = s.file_id AND d.start_byte <= s.start_byte AND d.end_byte >= s.end_byte
                AND d.def_id <> e.src
            ORDER BY d.start_byte DESC, d.end_byte LIMIT 1) AS def_id
    FROM edges e
    JOIN syntax_nodes s ON s.node_id = e.src
    WHERE e.kind = 'IMPLICIT_CALL'
),
pairs AS (
    SELECT s.code_name AS caller, t.name AS callee
    FROM inside i
    JOIN calls c ON c.call_id = i.call_id
    JOIN scopes_by_name s ON s.id = coalesce(c.enclosing_def_id, root_of(file_of(c.call_id)))
    JOIN scopes_by_name t ON t.id = i.dst
    UNION
    SELECT s.code_name, t.name
    FROM implied i
    JOIN scopes_by_name s ON s.id = coalesce(i.def_id, root_of(i.file_id))
    JOIN scopes_by_name t ON t.id = i.dst
    UNION
    SELECT s.code_name, o.name
    FROM outside o
    JOIN calls c ON c.call_id = o.call_id
    JOIN scopes_by_name s ON s.id = coalesce(c.enclosing_def_id, root_of(file_of(c.call_id)))
    UNION
    SELECT s.code_name, t.name
    FROM decorating d
    JOIN parts p ON p.def_id = d.def_id
    JOIN scopes_by_name s ON s.id = p.container_id
    JOIN scopes_by_name t ON t.id = d.target_id
)
SELECT caller, callee FROM pairs
UNION
SELECT name, NULL FROM scopes_by_name WHERE NOT is_class
UNION
SELECT callee, NULL FROM pairs
ORDER BY caller, callee NULLS FIRST;
