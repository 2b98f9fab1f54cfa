SELECT path, c.start_line AS line, q.name, qname, qname_source AS source, status, status_reason AS reason
FROM rel_call_qname q JOIN calls c USING (call_id) JOIN repo_files USING (file_id) ORDER BY path, c.call_id, q.name
