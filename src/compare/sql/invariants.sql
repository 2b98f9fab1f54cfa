-- SPDX-License-Identifier: Apache-2.0
-- What every bundle keeps (invariants.c): each statement counts what breaks it.

-- Files without a column.
-- name: files_without
SELECT count(*)
FROM (SELECT 1
      FROM parquet_schema("{files}")
      GROUP BY file_name
      HAVING count(*) FILTER (WHERE name = '{column}') = 0);

-- Rows that stand elsewhere in their file than its order says; of equal rows, the first stays first.
-- name: misplaced
SELECT count(*)
FROM (SELECT file_row_number AS place,
             row_number() OVER (PARTITION BY filename
                                ORDER BY "{order}", file_row_number) - 1 AS wanted
      FROM read_parquet("{files}", filename = true, file_row_number = true))
WHERE place <> wanted;
