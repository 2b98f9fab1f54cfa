-- SPDX-License-Identifier: Apache-2.0
-- Statements of users, looked at before they run (statement.h).

-- Its tree, where it is a SELECT; else why not.
-- name: statement_tree
SELECT json_serialize_sql(CAST(? AS VARCHAR), skip_null := true, skip_empty := true,
                          skip_default := true);
