-- The files with the most definitions in them.
SELECT f.path,
       count(*) FILTER (WHERE n.kind = 'METHOD') AS functions,
       count(*) FILTER (WHERE n.kind = 'TYPE_DECL') AS classes,
       count(*) FILTER (WHERE n.kind = 'CALL') AS calls
FROM nodes n
JOIN repo_files f USING (file_id)
GROUP BY f.path
ORDER BY functions + classes DESC, f.path
LIMIT 10;
