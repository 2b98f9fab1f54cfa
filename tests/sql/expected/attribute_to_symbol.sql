CREATE VIEW "attribute_to_symbol.left" AS
SELECT
    "a"._row AS _row,
    "a"."file_id" AS _k0,
    "a"."name_start_byte" AS _start,
    "a"."name_end_byte" AS _end
FROM "attributes" AS "a";

CREATE VIEW "attribute_to_symbol.right" AS
SELECT
    "o"._row AS _row,
    "o"."file_id" AS _k0,
    "o"."start_byte" AS _start,
    "o"."end_byte" AS _end,
    "o"."symbol" AS _t0
FROM "scip_occurrences" AS "o"
WHERE ("o"."symbol_id" IS NOT NULL)
    AND ("o"."end_byte" > "o"."start_byte");

-- interval_align
CREATE VIEW "attribute_to_symbol.match" AS
SELECT left_row, right_row, 'COVERING_SMALLEST' AS match_kind, match_score, match_rank
FROM (SELECT l._row AS left_row, r._row AS right_row,
    CAST(r._start - r._end AS DOUBLE) AS match_score,
    CAST(row_number() OVER (PARTITION BY l._row ORDER BY r._start - r._end DESC, r._end - r._start, r._start, r._t0 ASC NULLS LAST, r._row) AS INTEGER) AS match_rank
FROM (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0 FROM "attribute_to_symbol.left" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS l
JOIN (SELECT CAST("_row" AS BIGINT) AS _row, CAST("_start" AS BIGINT) AS _start, CAST("_end" AS BIGINT) AS _end, "_k0" AS _k0, "_t0" AS _t0 FROM "attribute_to_symbol.right" WHERE "_k0" IS NOT NULL AND coalesce(0 <= "_start" AND "_start" <= "_end", false)) AS r
    ON row(r._k0, r._start) <= row(l._k0, l._start)
        AND row(r._k0, r._end) >= row(l._k0, l._end)
QUALIFY match_rank = 1) AS p
ORDER BY left_row, match_rank;

CREATE VIEW "attribute_to_symbol.rows" AS
SELECT
    "a"."attribute_id" AS "node_id",
    coalesce("o"."known_id", "o"."symbol_id") AS "symbol_id",
    "o"."occurrence_id" AS "occurrence_id",
    "a"."name_start_byte" AS "start_byte",
    "a"."name_end_byte" AS "end_byte",
    "o"."symbol_roles" AS "symbol_roles",
    'SPAN_COVERING' AS "method",
    CAST(CAST(1 AS DOUBLE) AS FLOAT) AS "confidence",
    CAST("match"."match_score" AS FLOAT) AS "score",
    CAST(NULL AS BIGINT) AS "ambiguity_group_id",
    'attribute_to_symbol' AS "rule_name",
    10 AS "rule_priority",
    "a"."damaged" AS "damaged",
    CAST("a"._row AS BIGINT) AS _o1,
    CAST("o"._row AS BIGINT) AS _o2,
    list_concat([CAST(11 AS BIGINT), "a"."attribute_id"], [CAST(26 AS BIGINT), "o"."occurrence_id"]) AS _in
FROM "attribute_to_symbol.match" AS "match"
JOIN "attributes" AS "a" ON "match"."left_row" = "a"._row
JOIN "scip_occurrences" AS "o" ON "match"."right_row" = "o"._row;
