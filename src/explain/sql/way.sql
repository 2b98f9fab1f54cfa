-- SPDX-License-Identifier: Apache-2.0
-- By which imports a name came to stand for something (way.c). A byte of -1 stands for any.

-- name: status_of_name
SELECT node_id, start_byte, end_byte, status, reason, n_candidates
FROM stored_reference_statuses
WHERE node_id = $1 AND ($2 < 0 OR start_byte = $2)
ORDER BY start_byte DESC
LIMIT 1;

-- name: targets_of_name
SELECT target_id, file_of(target_id) AS target_file, external, how, is_final, rank
FROM stored_name_targets
WHERE node_id = $1 AND start_byte = $2
ORDER BY position
LIMIT 64;

-- Modules that imports lead to, in the order in which each names them.
-- name: modules_of_imports
SELECT import_id, target_id, file_of(target_id) AS target_file, name, status
FROM stored_module_imports
WHERE import_id IN ('{imports}')
ORDER BY module_import_id;

-- name: import
SELECT import_id, module, name, level, is_star FROM stored_imports WHERE import_id = $1;

-- The variable of a file's module.
-- name: module_variable
SELECT site_id
FROM stored_bindings
WHERE scope_id = (SELECT scope_id
                  FROM stored_scopes
                  WHERE scope_id BETWEEN root_of($1) AND root_of($1 + 1) - 1
                        AND parent_scope_id IS NULL)
      AND name = $2 AND is_local;

-- name: stars_of_module
SELECT m.target_id, file_of(m.target_id) AS target_file, m.name, m.status
FROM stored_imports AS i
JOIN stored_module_imports AS m ON m.import_id = i.import_id
WHERE i.import_id BETWEEN root_of($1) AND root_of($1 + 1) - 1
      AND m.import_id BETWEEN root_of($1) AND root_of($1 + 1) - 1 AND i.is_star
QUALIFY row_number() OVER (PARTITION BY m.import_id ORDER BY m.position DESC) = 1
ORDER BY m.import_id;

-- name: value_of_attribute
SELECT value_id, name_start_byte FROM stored_attributes WHERE attribute_id = $1;

-- name: callee_of_call
SELECT c.callee_id, c.callee_name_start_byte, s.status, s.reason
FROM stored_calls AS c
LEFT JOIN stored_call_statuses AS s ON s.call_id = $1
WHERE c.call_id = $1;

-- name: base_of_class
SELECT base_id
FROM stored_class_bases
WHERE def_id = $1 AND arg_kind IN ('positional', 'star')
ORDER BY position
LIMIT 1 OFFSET $2;
