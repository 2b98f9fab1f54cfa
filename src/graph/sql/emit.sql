-- SPDX-License-Identifier: Apache-2.0
-- Rows that stand under the name of a dataset, as they are written.

-- name: stored
SELECT "{columns}" FROM "{dataset}";

-- name: kept_out
SELECT * FROM "{dataset}.rejects";
