-- SPDX-License-Identifier: Apache-2.0
-- What is asked of the rows of any dataset (doctor_rows.c, doctor_graph.c): words, order and key, kinds.

-- name: foreign_words
SELECT word
FROM (SELECT DISTINCT "{column}" AS word FROM "stored_{dataset}")
WHERE word NOT IN ("{words}")
ORDER BY word;

-- Files in the order of their paths; in a file, keys go up. Then no key stands twice.
-- name: out_of_order
WITH placed AS (
    SELECT "{file}" AS file, lag("{file}") OVER () AS file_before, row("{key}") AS place,
           lag(row("{key}")) OVER () AS place_before
    FROM "stored_{dataset}"),
ranks AS (SELECT file_id, row_number() OVER () AS rank FROM stored_repo_files)
SELECT (SELECT count(*) FROM placed WHERE file = file_before AND place <= place_before) +
       (SELECT count(*)
        FROM (SELECT file, file_before FROM placed WHERE file <> file_before)
        JOIN ranks a ON a.file_id = file
        JOIN ranks b ON b.file_id = file_before
        WHERE a.rank <= b.rank);

-- Paths go up by their bytes; one with an escape stands where its own bytes do.
-- name: paths_out_of_order
SELECT count(*)
FROM (SELECT path, lag(path) OVER () AS before FROM stored_repo_files)
WHERE path <= before AND NOT contains(path, '\x') AND NOT contains(before, '\x');

-- name: equal_keys
SELECT count(*) FROM (SELECT 1 FROM "stored_{dataset}" GROUP BY "{key}" HAVING count(*) > 1);

-- Of a large dataset, a part of the keys in each exam: by their hashes, then by themselves.
-- name: equal_hashes
SELECT count(*) - count(DISTINCT h)
FROM (SELECT hash("{key}") AS h FROM "stored_{dataset}")
WHERE h % "{n_exams}" = "{exam}";

-- name: equal_keys_of_exam
SELECT count(*)
FROM (SELECT 1
      FROM "stored_{dataset}"
      WHERE hash("{key}") % "{n_exams}" = "{exam}"
      GROUP BY "{key}"
      HAVING count(*) > 1);

-- name: kinds
SELECT kind, count(*) FROM "stored_{dataset}" GROUP BY kind ORDER BY kind;
