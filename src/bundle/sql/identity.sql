-- SPDX-License-Identifier: Apache-2.0
-- Ids of what lies in no file, with what they are made of (identity.h).

-- name: identities
SELECT r."{id}" AS identity_id, '{tag}' AS identity_tag, "{text}" AS identity_text, r.*
FROM "{relation}" r
WHERE r."{id}" < 0 AND "{is_meant}";

-- name: identity_wrong
SELECT count(*)
FROM "{rows}" r
WHERE identity_id IS DISTINCT FROM global_id(identity_tag, identity_text);

-- name: file_id_wrong
-- Where the hash of the path is another file's, the next free number is right. A path that shows bytes
-- as \xNN, as they are no UTF-8, does not say which bytes were hashed.
SELECT count(*)
FROM stored_repo_files f
WHERE f.file_id <> (stable_id('file', "{parts}") & 549755813887)
  AND (stable_id('file', "{parts}") & 549755813887) NOT IN (SELECT file_id FROM stored_repo_files)
  AND NOT regexp_matches(f.path, '\\x[0-9A-Fa-f][0-9A-Fa-f]');
