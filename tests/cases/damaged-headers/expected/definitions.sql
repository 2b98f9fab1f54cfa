SELECT d.start_line, d.def_kind, d.qualname, d.damaged, string_agg(p.name, ' ' ORDER BY p.position) AS params
FROM defs d LEFT JOIN params p USING (def_id) GROUP BY ALL ORDER BY d.start_line
