SELECT * FROM unresolved_calls
