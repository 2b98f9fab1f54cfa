-- SPDX-License-Identifier: Apache-2.0
-- Which parameters named taint_src, or what is made from them, come to a parameter of taint_sink, by lines
-- of the functions; whole or inside of what is passed. See codeql-flow.sql.
WITH RECURSIVE
step AS MATERIALIZED (FROM data_steps),
source AS (
    SELECT p.param_id AS node_id, d.file_id, d.start_line FROM params p JOIN defs d ON d.def_id = p.def_id WHERE p.name = 'taint_src'
),
walk AS (
    SELECT node_id AS source, node_id AS node, 'value' AS state, []::VARCHAR[] AS path, []::BIGINT[] AS calls FROM source
    UNION
    SELECT w.source, s.dst, s.dst_state,
        CASE s.effect
            WHEN 'elements' THEN ['[*]'] || w.path[2:]
            WHEN 'derive' THEN []
            WHEN 'after' THEN w.path[2:]
            WHEN 'rest' THEN CASE WHEN w.path[1] = '[*]' THEN w.path
                ELSE ['[' || (try_cast(w.path[1][2:-2] AS BIGINT) - s.number) || ']'] || w.path[2:] END
            ELSE coalesce(s.gives, [])
                || CASE WHEN s.takes IS NULL THEN w.path ELSE w.path[2:] END
        END,
        CASE s.effect
            WHEN 'enter' THEN (CASE WHEN len(w.calls) >= 5 THEN w.calls[2:] ELSE w.calls END) || [s.number]
            WHEN 'leave' THEN w.calls[:-2]
            WHEN 'shared' THEN []
            ELSE w.calls
        END
    FROM walk w
    JOIN step s ON s.src = w.node AND s.src_state = w.state
    WHERE len(w.path) <= 14
        AND (s.takes IS NULL OR w.path[1] = s.takes OR s.takes = '[*]' AND w.path[1] LIKE '[%'
            OR w.path[1] = '[*]' AND s.takes LIKE '[%')
        AND CASE s.effect
            WHEN 'elements' THEN w.path[1] LIKE '[%'
            WHEN 'keep' THEN w.path[1] LIKE '[%'
            WHEN 'field' THEN len(w.path) > 0
            WHEN 'inner' THEN len(w.path) > 1
            WHEN 'derive' THEN true
            WHEN 'derive_whole' THEN len(w.path) = 0
            WHEN 'rest' THEN w.path[1] = '[*]' OR try_cast(w.path[1][2:-2] AS BIGINT) >= s.number
            WHEN 'after' THEN w.path[1] = '[*]' OR try_cast(w.path[1][2:-2] AS BIGINT) >= s.number
            WHEN 'leave' THEN len(w.calls) = 0 OR w.calls[-1] = s.number
            ELSE true
        END
        AND (s.overwritten IS NULL OR len(w.path) = 0 OR NOT list_contains(s.overwritten, w.path[1])
            AND NOT (list_contains(s.overwritten, '[') AND w.path[1] LIKE '[%'))
)
SELECT DISTINCT 'flow' AS kind, f.path || ':' || s.start_line AS "from", g.path || ':' || d.start_line AS "to"
FROM walk w
JOIN source s ON s.node_id = w.source
JOIN repo_files f ON f.file_id = s.file_id
JOIN params p ON p.param_id = w.node
JOIN defs d ON d.def_id = p.def_id AND d.name = 'taint_sink'
JOIN repo_files g ON g.file_id = d.file_id
WHERE w.state = 'value'
ORDER BY 1, 2, 3
