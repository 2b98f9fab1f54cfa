SELECT c.callee_text, c.start_line, d.name AS caller FROM calls c LEFT JOIN defs d ON
c.enclosing_def_id = d.def_id ORDER BY c.start_byte
