-- SPDX-License-Identifier: Apache-2.0
-- Which sources come to which sinks as they are, by lines. data_steps says what each step does to the path at
-- which a value lies in what holds it; a call is left where it was entered.
WITH RECURSIVE
step AS MATERIALIZED (FROM data_steps),
source AS (
    SELECT name_ref_id AS node_id, file_id, start_line FROM name_refs WHERE name = 'SOURCE' AND context = 'LOAD'
    UNION ALL
    SELECT l.literal_id, l.file_id, l.start_line
    FROM literals l
    JOIN syntax_nodes s ON s.node_id = l.literal_id
    JOIN syntax_nodes p ON p.node_id = s.parent_id AND p.ast_class <> 'Compare'
    WHERE l.text IN ('"source"', 'b"source"', '42', '42.0', '42j')
        AND NOT EXISTS (FROM syntax_nodes t WHERE t.parent_id = p.node_id AND t.field = 'targets' AND t.name = 'SOURCE')
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
    WHERE len(w.path) <= 6
        AND (s.takes IS NULL OR w.path[1] = s.takes OR s.takes = '[*]' AND w.path[1] LIKE '[%'
            OR w.path[1] = '[*]' AND s.takes LIKE '[%')
        AND CASE s.effect
            WHEN 'elements' THEN w.path[1] LIKE '[%'
            WHEN 'keep' THEN w.path[1] LIKE '[%'
            WHEN 'field' THEN len(w.path) > 0
            WHEN 'inner' THEN len(w.path) > 1
            WHEN 'derive' THEN false
            WHEN 'derive_whole' THEN false
            WHEN 'rest' THEN w.path[1] = '[*]' OR try_cast(w.path[1][2:-2] AS BIGINT) >= s.number
            WHEN 'after' THEN w.path[1] = '[*]' OR try_cast(w.path[1][2:-2] AS BIGINT) >= s.number
            WHEN 'leave' THEN len(w.calls) = 0 OR w.calls[-1] = s.number
            ELSE true
        END
        AND (s.overwritten IS NULL OR len(w.path) = 0 OR NOT list_contains(s.overwritten, w.path[1])
            AND NOT (list_contains(s.overwritten, '[') AND w.path[1] LIKE '[%'))
)
SELECT DISTINCT 'flow' AS kind, f.path || ':' || s.start_line AS "from", g.path || ':' || c.start_line AS "to"
FROM walk w
JOIN source s ON s.node_id = w.source
JOIN repo_files f ON f.file_id = s.file_id
JOIN args a ON a.value_id = w.node
JOIN calls c ON c.call_id = a.call_id AND c.callee_text LIKE 'SINK%'
JOIN repo_files g ON g.file_id = c.file_id
WHERE w.state = 'value' AND len(w.path) = 0
ORDER BY 1, 2, 3
