SELECT count(*) AS n FROM def_use_events e SEMI JOIN event_blocks b ON b.event_id = e.event_id AND b.block_id = e.block_id
UNION ALL SELECT count(*) FROM def_use_events
