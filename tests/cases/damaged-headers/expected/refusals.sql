SELECT code, start_line, message FROM scope_diagnostics ORDER BY start_line
