SELECT n.start_line, n.name, n.occurrence, n.resolution FROM name_bindings n
WHERE n.name IN ('x', 'a', 'b', 'v', 'attr', 'os', 'no_colon') ORDER BY n.start_line, n.start_column
