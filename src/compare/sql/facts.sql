-- SPDX-License-Identifier: Apache-2.0
-- What a bundle says of itself (facts.c), over the views of its reader.

-- name: input
SELECT path, sha256 FROM repo_files ORDER BY path;

-- What the footers of all files say of the order of rows: of a dataset, the answers that there are.
-- name: orderings
SELECT split_part(file_name, '/', -3) || '/' || split_part(file_name, '/', -2) AS path,
       string_agg(DISTINCT ordering, ' | ' ORDER BY ordering)
FROM (SELECT file_name,
             coalesce(max(decode(value)) FILTER (WHERE decode(key) = 'relspec.ordering_level'), '')
             || ': ' ||
             coalesce(max(decode(value)) FILTER (WHERE decode(key) = 'relspec.ordering_keys'), '')
                 AS ordering
      FROM parquet_kv_metadata("{files}")
      GROUP BY file_name)
GROUP BY path
ORDER BY path;

-- name: reasons
SELECT reason, count(*) FROM "rejects_{dataset}" GROUP BY reason ORDER BY reason;
