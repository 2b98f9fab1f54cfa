SELECT qualname, position, param_kind, p.name, annotation_id IS NOT NULL AS annotated,
       default_id IS NOT NULL AS defaulted
FROM params p JOIN defs d USING (def_id) ORDER BY p.start_byte
