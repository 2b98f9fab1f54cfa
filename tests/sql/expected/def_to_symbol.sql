CREATE VIEW "def_to_symbol.left" AS
SELECT
    "d"._row AS _row,
    "d"."file_id" AS _k0,
    "d"."name_start_byte" AS _start,
    "d"."name_end_byte" AS _end
FROM "defs" AS "d";

CREATE VIEW "def_to_symbol.right" AS
SELECT
    "o"._row AS _row,
    "o"."file_id" AS _k0,
    "o"."start_byte" AS _start,
    "o"."end_byte" AS _end
FROM "scip_occurrences" AS "o"
WHERE (("o"."symbol_roles" & 1) <> 0)
    AND ("o"."symbol_id" IS NOT NULL);

-- interval_align
CREATE VIEW "def_to_symbol.match" AS
SELECT left_row, right_row, 'EXACT' AS match_kind, match_score, match_rank
FROM (SELECT l._row AS left_row, r._row AS right_row,
    CAST(r._start - r._end AS DOUBLE) AS match_score,
    CAST(row_number() OVER (PARTITION BY l._row ORDER BY r._start - r._end DESC, r._end - r._start, r._start, r._row) AS INTEGER) AS match_rank
FROM (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0 FROM "def_to_symbol.left" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS l
JOIN (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0 FROM "def_to_symbol.right" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS r
    ON r._k0 = l._k0 AND r._start = l._start AND r._end = l._end) AS p
ORDER BY left_row, match_rank;

CREATE VIEW "def_to_symbol.rows" AS
SELECT
    "d"."def_id" AS "def_id",
    "o"."symbol_id" AS "symbol_id",
    "o"."occurrence_id" AS "occurrence_id",
    CAST("d"."def_kind" AS "def_kind") AS "def_kind",
    'NAME_SPAN_EXACT' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST("match"."match_score" AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'def_to_symbol' AS "rule_name",
    10 AS "rule_priority",
    "d"."damaged" AS "damaged",
    CAST("d"._row AS BIGINT) AS _o1,
    CAST("o"._row AS BIGINT) AS _o2,
    list_concat([CAST(5 AS BIGINT), "d"."def_id"], [CAST(26 AS BIGINT), "o"."occurrence_id"]) AS _in
FROM "def_to_symbol.match" AS "match"
JOIN "defs" AS "d" ON "match"."left_row" = "d"._row
JOIN "scip_occurrences" AS "o" ON "match"."right_row" = "o"._row;
