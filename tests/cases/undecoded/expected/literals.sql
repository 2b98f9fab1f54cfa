SELECT literal_kind, text FROM literals ORDER BY start_byte
