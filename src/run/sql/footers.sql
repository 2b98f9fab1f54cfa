-- SPDX-License-Identifier: Apache-2.0
-- What the footers of a bundle's files say (record_stats.c).

-- Of rejects that name their rule.
-- name: rejects_by_rule
SELECT rule_name, count(*) FROM read_parquet("{files}") GROUP BY rule_name ORDER BY rule_name;

-- The columns of the graph and of what it is made of. What stands behind the bundle's directory in a
-- file's name are its group, its dataset and its own name.
-- name: stored_columns
SELECT parts[1], parts[2], path_in_schema, CAST(sum(stats_null_count) AS BIGINT),
       CAST(sum(total_compressed_size) AS BIGINT), count(*), min(column_id)
FROM (SELECT *, string_split(substr(file_name, "{from}"), '/') AS parts
      FROM parquet_metadata("{files}"))
WHERE parts[1] <> 'relspec'
GROUP BY ALL
ORDER BY 1, 2, 7, 3;
