-- SPDX-License-Identifier: Apache-2.0
-- Two bundles side by side. Views a_<name> and b_<name> of their datasets are there (diff.c).

-- Of one side: modules and definitions, what they are called, where, in what; n: the how manieth of
-- that name.
-- name: side_definitions
CREATE TEMP TABLE "{side}_def" AS
SELECT *, row_number() OVER (PARTITION BY kind, name ORDER BY path, id) AS n
FROM (
    SELECT d.def_id AS id, n.kind::VARCHAR AS kind,
           coalesce(n.qualified_name, d.qualname) AS name, f.path, n.start_line AS line,
           d.container_id AS container, s.n_subtree
    FROM "{side}_defs" d
    JOIN "{side}_nodes" n ON n.node_id = d.def_id
    JOIN "{side}_files" f ON f.file_id = file_of(d.def_id)
    JOIN "{side}_syntax" s ON s.node_id = d.def_id
    UNION ALL
    SELECT m.module_id, 'MODULE', coalesce(m.module, f.path), f.path, 1, NULL, s.n_subtree
    FROM "{side}_modules" m
    JOIN "{side}_files" f ON f.file_id = file_of(m.module_id)
    JOIN "{side}_syntax" s ON s.node_id = m.module_id);

-- Each node of the syntax tree, with the innermost of these around it.
-- name: side_owners
CREATE TEMP TABLE "{side}_owner" AS
SELECT s.node_id AS id, max(d.id) AS owner
FROM "{side}_syntax" s
JOIN "{side}_def" d ON d.id <= s.node_id AND s.node_id < d.id + d.n_subtree
GROUP BY s.node_id;

-- Literals whose text is not kept: their bytes, each line end as one.
-- name: side_long
CREATE TEMP TABLE "{side}_long" AS
SELECT l.literal_id AS id, n.end_byte - n.start_byte - count(x.line) AS n_bytes
FROM "{side}_literals" l
JOIN "{side}_nodes" n ON n.node_id = l.literal_id
LEFT JOIN "{side}_lines" x ON x.file_id = file_of(l.literal_id) AND x.newline = 'CRLF'
    AND x.line >= n.start_line AND x.line < n.end_line
WHERE l.text IS NULL
GROUP BY l.literal_id, n.end_byte, n.start_byte;

-- What stands in a definition, without the definitions inside it: a hash over its nodes in order,
-- with their names and literals; its own name is not in it, and a line end is one, however written.
-- name: side_content
CREATE TEMP TABLE "{side}_content" AS
SELECT o.owner AS id, count(*) AS n_nodes,
       hash(list(hash(s.ast_class::VARCHAR, s.field::VARCHAR, s.context::VARCHAR,
                      CASE WHEN o.id <> o.owner THEN n.name END,
                      replace(replace(l.text, chr(13) || chr(10), chr(10)), chr(13), chr(10)),
                      g.n_bytes, c.text) ORDER BY o.id)) AS content
FROM "{side}_owner" o
JOIN "{side}_syntax" s ON s.node_id = o.id
JOIN "{side}_nodes" n ON n.node_id = o.id
LEFT JOIN "{side}_literals" l ON l.literal_id = o.id
LEFT JOIN "{side}_long" g ON g.id = o.id
LEFT JOIN "{side}_docstrings" c ON c.docstring_id = o.id
GROUP BY o.owner;

-- What a node is, without where.
-- name: side_things
CREATE TEMP TABLE "{side}_thing" AS
SELECT n.node_id AS id,
       CASE WHEN d.id IS NOT NULL THEN d.kind || ' ' || d.name
            WHEN n.node_id < 0
            THEN n.kind::VARCHAR || ' ' || coalesce(n.qualified_name, n.name, '')
            ELSE n.kind::VARCHAR || ' ' || coalesce(n.name || ' ', '') || 'in ' ||
                 coalesce(p.name, f.path, '')
       END AS what,
       d.id IS NOT NULL OR n.node_id < 0 AS is_named
FROM "{side}_nodes" n
LEFT JOIN "{side}_def" d ON d.id = n.node_id
LEFT JOIN "{side}_owner" o ON o.id = n.node_id
LEFT JOIN "{side}_def" p ON p.id = o.owner
LEFT JOIN "{side}_files" f ON f.file_id = file_of(n.node_id);

-- Edges by what they lead from and to, where that can be told without a place.
-- name: side_links
CREATE TEMP TABLE "{side}_link" AS
SELECT e.kind::VARCHAR AS kind, s.what AS src, d.what AS dst, count(*) AS n
FROM "{side}_edges" e
JOIN "{side}_thing" s ON s.id = e.src
JOIN "{side}_thing" d ON d.id = e.dst
WHERE (d.is_named OR e.kind IN ('HAS_BASE', 'DECLARES_IMPORT')) AND e.kind <> 'AST'
GROUP BY ALL;

-- Both sides together. pairs: a definition of each side, or of one. Those of one side are renamed
-- where exactly one of the other side's has the same content and enough of it to tell.
-- name: pairs
CREATE TEMP TABLE named AS
SELECT a.id AS a, b.id AS b FROM a_def a FULL JOIN b_def b USING (kind, name, n);
CREATE TEMP TABLE renamed AS
SELECT any_value(a) AS a, any_value(b) AS b
FROM (
    SELECT p.a, NULL AS b, d.kind, c.content
    FROM named p JOIN a_def d ON d.id = p.a JOIN a_content c ON c.id = p.a
    WHERE p.b IS NULL AND c.n_nodes >= 8
    UNION ALL
    SELECT NULL, p.b, d.kind, c.content
    FROM named p JOIN b_def d ON d.id = p.b JOIN b_content c ON c.id = p.b
    WHERE p.a IS NULL AND c.n_nodes >= 8)
GROUP BY kind, content
HAVING count(a) = 1 AND count(b) = 1;
CREATE TEMP TABLE pairs AS
SELECT a, b, false AS is_renamed
FROM named p
WHERE NOT EXISTS (FROM renamed r WHERE r.a = p.a OR r.b = p.b)
UNION ALL
SELECT a, b, true FROM renamed;

-- A definition is moved when it is in another file, or has other neighbours on both sides in what it
-- stands in.
-- name: moved
CREATE TEMP TABLE beside AS
SELECT p.a, p.b, a.path <> b.path AS is_elsewhere, lag(p.b) OVER x AS a_before,
       lead(p.b) OVER x AS a_behind, lag(p.b) OVER y AS b_before, lead(p.b) OVER y AS b_behind
FROM pairs p
JOIN a_def a ON a.id = p.a
JOIN b_def b ON b.id = p.b
JOIN pairs q ON q.a = a.container AND q.b = b.container
WINDOW x AS (PARTITION BY q.b ORDER BY p.a), y AS (PARTITION BY q.b ORDER BY p.b);
CREATE TEMP TABLE moved AS
SELECT b AS id
FROM beside
WHERE (a_before IS DISTINCT FROM b_before AND a_behind IS DISTINCT FROM b_behind AND
       a_before IS DISTINCT FROM b_behind)
   OR (is_elsewhere AND
       NOT EXISTS (FROM named m
                   JOIN a_def k ON k.id = m.a
                   JOIN b_def l ON l.id = m.b
                   JOIN b_def d ON d.id = beside.b
                   WHERE m.b = d.container AND k.path <> l.path));

-- name: changes
CREATE TEMP TABLE changes AS
SELECT coalesce(b.kind, a.kind) AS kind,
       CASE WHEN p.b IS NULL THEN 'removed'
            WHEN p.a IS NULL THEN 'added'
            WHEN is_renamed THEN 'renamed'
            WHEN x.content <> y.content THEN 'changed'
            WHEN p.b IN (FROM moved) OR (a.path <> b.path AND a.kind = 'MODULE') THEN 'moved'
            ELSE 'same'
       END AS change,
       a.name AS before, b.name AS after, a.path AS before_path, a.line AS before_line,
       b.path AS after_path, b.line AS after_line, coalesce(a.container, -1) AS a_container,
       coalesce(b.container, -1) AS b_container, p.a, p.b
FROM pairs p
LEFT JOIN a_def a ON a.id = p.a
LEFT JOIN b_def b ON b.id = p.b
LEFT JOIN a_content x ON x.id = p.a
LEFT JOIN b_content y ON y.id = p.b;
CREATE TEMP TABLE links AS
SELECT kind, src, dst, coalesce(b.n, 0) - coalesce(a.n, 0) AS n
FROM a_link a FULL JOIN b_link b USING (kind, src, dst)
WHERE coalesce(a.n, 0) <> coalesce(b.n, 0);

-- Files of which other bytes are line ends alone, as far as a bundle knows: every definition, every
-- comment and the length of every line are the same.
-- name: line_ends
CREATE TEMP TABLE shapes AS
SELECT path, side, list(n_bytes ORDER BY line) AS lines
FROM (SELECT f.path, 'a' AS side, l.line,
             coalesce(lead(l.start_byte) OVER (PARTITION BY l.file_id ORDER BY l.line), f.size_bytes) -
                 l.start_byte - CASE l.newline WHEN 'CRLF' THEN 2 WHEN 'NONE' THEN 0 ELSE 1 END AS n_bytes
      FROM a_lines l JOIN a_files f USING (file_id) JOIN b_files o USING (path)
      WHERE f.sha256 <> o.sha256
      UNION ALL
      SELECT f.path, 'b', l.line,
             coalesce(lead(l.start_byte) OVER (PARTITION BY l.file_id ORDER BY l.line), f.size_bytes) -
                 l.start_byte - CASE l.newline WHEN 'CRLF' THEN 2 WHEN 'NONE' THEN 0 ELSE 1 END
      FROM b_lines l JOIN b_files f USING (file_id) JOIN a_files o USING (path)
      WHERE f.sha256 <> o.sha256)
GROUP BY path, side;
CREATE TEMP TABLE words AS
SELECT f.path, 'a' AS side, list(c.text ORDER BY c.comment_id) AS texts
FROM a_comments c JOIN a_files f ON f.file_id = file_of(c.comment_id) GROUP BY f.path
UNION ALL
SELECT f.path, 'b', list(c.text ORDER BY c.comment_id)
FROM b_comments c JOIN b_files f ON f.file_id = file_of(c.comment_id) GROUP BY f.path;
CREATE TEMP TABLE line_ends AS
SELECT x.path
FROM shapes x
JOIN shapes y ON y.path = x.path AND y.side = 'b' AND y.lines = x.lines
LEFT JOIN words v ON v.path = x.path AND v.side = 'a'
LEFT JOIN words w ON w.path = x.path AND w.side = 'b'
WHERE x.side = 'a' AND v.texts IS NOT DISTINCT FROM w.texts
  AND NOT EXISTS (FROM changes c
                  WHERE c.change <> 'same' AND (c.before_path = x.path OR c.after_path = x.path));

-- The members of the document.

-- name: files
SELECT coalesce(b.path, a.path) AS path,
       CASE WHEN a.path IS NULL THEN 'added' WHEN b.path IS NULL THEN 'removed'
            WHEN b.path IN (FROM line_ends) THEN 'line ends' ELSE 'changed' END AS change
FROM a_files a FULL JOIN b_files b USING (path)
WHERE a.sha256 IS DISTINCT FROM b.sha256
ORDER BY 1;

-- A definition inside one that is itself added or removed is inner: the outer one says it.
-- name: definitions
SELECT kind, change, before, after, before_path, before_line, after_path, after_line,
       EXISTS (FROM changes o
               WHERE o.change = c.change AND (o.a = c.a_container OR o.b = c.b_container))
           AND change IN ('added', 'removed') AS is_inner
FROM changes c
WHERE change <> 'same'
ORDER BY coalesce(after_path, before_path), coalesce(after_line, before_line), kind,
         coalesce(after, before), change;

-- name: edges
SELECT kind, CASE WHEN n > 0 THEN 'added' ELSE 'removed' END AS change, src, dst, abs(n) AS n
FROM links
ORDER BY kind, change, src, dst;

-- name: node_kinds
SELECT kind, coalesce(a.n, 0) AS before, coalesce(b.n, 0) AS after
FROM (SELECT kind::VARCHAR AS kind, count(*) AS n FROM a_nodes GROUP BY 1) a
FULL JOIN (SELECT kind::VARCHAR AS kind, count(*) AS n FROM b_nodes GROUP BY 1) b USING (kind)
WHERE a.n IS DISTINCT FROM b.n
ORDER BY kind;

-- name: edge_kinds
SELECT kind, coalesce(a.n, 0) AS before, coalesce(b.n, 0) AS after
FROM (SELECT kind::VARCHAR AS kind, count(*) AS n FROM a_edges GROUP BY 1) a
FULL JOIN (SELECT kind::VARCHAR AS kind, count(*) AS n FROM b_edges GROUP BY 1) b USING (kind)
WHERE a.n IS DISTINCT FROM b.n
ORDER BY kind;
