-- SPDX-License-Identifier: Apache-2.0
-- Files that are written again (again.c). The views draft_<dataset> and draft_rejects_<dataset> are the rows
-- of files, with the file and the row's number in it; marks are the rows that are not as they should be.

-- name: again_view
SELECT * FROM read_parquet("{files}", filename = true, file_row_number = true);

-- name: again_marked
SELECT count(*) FROM marks WHERE filename = '{file}';

-- name: again_moved
CREATE OR REPLACE TEMP TABLE moved AS
SELECT "{columns}", reason
FROM "{rows}" r
JOIN marks USING (filename, file_row_number)
ORDER BY filename, file_row_number;

-- name: again_kept
SELECT "{columns}"
FROM "{rows}" r
ANTI JOIN marks USING (filename, file_row_number)
WHERE filename = '{file}'
ORDER BY file_row_number;

-- name: again_damaged
SELECT r.* EXCLUDE (filename, file_row_number) REPLACE (m.filename IS NOT NULL OR damaged AS damaged)
FROM "{rows}" r
LEFT JOIN marks m USING (filename, file_row_number)
WHERE r.filename = '{file}'
ORDER BY r.file_row_number;

-- name: again_told
SELECT "{columns}", coalesce(m.reason, r.reason) AS reason
FROM "{rows}" r
LEFT JOIN marks m USING (filename, file_row_number)
WHERE r.filename = '{file}'
ORDER BY r.file_row_number;

-- name: again_added
SELECT "{columns}", reason
FROM (SELECT "{columns}", reason, 0 AS part, file_row_number
      FROM "{rows}"
      WHERE filename = '{file}'
      UNION ALL
      SELECT "{columns}", reason, 1, row_number() OVER ()
      FROM moved)
ORDER BY part, file_row_number;

-- name: again_marks
SELECT count(*) FROM marks;
