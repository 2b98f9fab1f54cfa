SELECT kind, count(*) AS n FROM nodes GROUP BY kind ORDER BY kind
