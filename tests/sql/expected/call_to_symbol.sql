CREATE VIEW "call_to_symbol.left" AS
SELECT
    "c"._row AS _row,
    "c"."file_id" AS _k0,
    "c"."callee_name_start_byte" AS _start,
    "c"."callee_name_end_byte" AS _end
FROM "calls" AS "c";

CREATE VIEW "call_to_symbol.right" AS
SELECT
    "o"._row AS _row,
    "o"."file_id" AS _k0,
    "o"."start_byte" AS _start,
    "o"."end_byte" AS _end
FROM "scip_occurrences" AS "o"
WHERE ("o"."known_id" IS NOT NULL);

-- interval_align
CREATE VIEW "call_to_symbol.match" AS
SELECT left_row, right_row, 'EXACT' AS match_kind, match_score, match_rank
FROM (SELECT l._row AS left_row, r._row AS right_row,
    CAST(r._start - r._end AS DOUBLE) AS match_score,
    CAST(row_number() OVER (PARTITION BY l._row ORDER BY r._start - r._end DESC, r._end - r._start, r._start, r._row) AS INTEGER) AS match_rank
FROM (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0 FROM "call_to_symbol.left" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS l
JOIN (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0 FROM "call_to_symbol.right" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS r
    ON r._k0 = l._k0 AND r._start = l._start AND r._end = l._end) AS p
ORDER BY left_row, match_rank;

CREATE VIEW "call_to_symbol.rows" AS
SELECT
    "c"."call_id" AS "call_id",
    "o"."known_id" AS "symbol_id",
    "o"."occurrence_id" AS "occurrence_id",
    "c"."callee_name_start_byte" AS "start_byte",
    "c"."callee_name_end_byte" AS "end_byte",
    "o"."symbol_roles" AS "symbol_roles",
    'CALLEE_SPAN_EXACT' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST("match"."match_score" AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'call_to_symbol' AS "rule_name",
    10 AS "rule_priority",
    "c"."damaged" AS "damaged",
    CAST("c"._row AS BIGINT) AS _o1,
    CAST("o"._row AS BIGINT) AS _o2,
    list_concat([CAST(12 AS BIGINT), "c"."call_id"], [CAST(26 AS BIGINT), "o"."occurrence_id"]) AS _in
FROM "call_to_symbol.match" AS "match"
JOIN "calls" AS "c" ON "match"."left_row" = "c"._row
JOIN "scip_occurrences" AS "o" ON "match"."right_row" = "o"._row;
