SELECT * FROM unresolved_names
