SELECT * FROM dead_code
