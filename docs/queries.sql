-- Three questions for each dataset of a bundle: `-- dataset: NAME`, then for each query a line
-- `-- ? QUESTION` and one SELECT. tools/gen-reference makes docs/reference/queries.md of it, and
-- tests/docs runs each over a bundle.

-- dataset: nodes
-- ? What is this graph made of?
SELECT kind, count(*) AS n FROM nodes GROUP BY kind ORDER BY n DESC, kind;
-- ? Where is a function of that name defined?
SELECT qualified_name, file_id, start_line FROM nodes WHERE kind = 'METHOD' AND name = 'run' ORDER BY ALL;
-- ? Which nodes lie in a region that does not parse?
SELECT kind, count(*) AS n FROM nodes WHERE damaged GROUP BY kind ORDER BY n DESC, kind;

-- dataset: edges
-- ? Which rules made how many edges?
SELECT rule_name, kind, count(*) AS n FROM edges GROUP BY ALL ORDER BY n DESC, rule_name, kind;
-- ? Which edges does the source not state outright?
SELECT kind, origin, min(confidence) AS least, count(*) AS n FROM edges WHERE confidence < 1 GROUP BY ALL ORDER BY ALL;
-- ? Which definitions stand in which?
SELECT a.name AS outer_name, b.name AS inner_name FROM edges e JOIN nodes a ON a.node_id = e.src JOIN nodes b ON b.node_id = e.dst WHERE e.kind = 'CONTAINS' AND b.kind IN ('METHOD', 'TYPE_DECL', 'LAMBDA') ORDER BY ALL LIMIT 20;

-- dataset: props
-- ? Which properties are there?
SELECT entity_kind, key, count(*) AS n FROM props GROUP BY ALL ORDER BY n DESC, key;
-- ? What is known of one node?
SELECT key, coalesce(value_str, value_int::VARCHAR, value_bool::VARCHAR, value_json) AS value FROM props WHERE entity_id = (SELECT min(node_id) FROM nodes WHERE kind = 'METHOD') ORDER BY key;
-- ? Which texts does a property take?
SELECT value_str, count(*) AS n FROM props WHERE key = 'path' GROUP BY value_str ORDER BY n DESC, value_str LIMIT 20;

-- dataset: derivations
-- ? How many input rows do edges have?
SELECT rule_name, count(*) AS n_inputs, count(DISTINCT edge_id) AS n_edges FROM derivations GROUP BY rule_name ORDER BY ALL;
-- ? Which datasets do edges come from?
SELECT input_dataset, count(*) AS n FROM derivations GROUP BY input_dataset ORDER BY n DESC, input_dataset;
-- ? Which rows made one edge?
SELECT input_dataset, input_id FROM derivations WHERE edge_id = (SELECT min(edge_id) FROM derivations) ORDER BY input_index;

-- dataset: repo_files
-- ? Which files are the largest?
SELECT path, size_bytes, n_lines FROM repo_files ORDER BY size_bytes DESC, path LIMIT 10;
-- ? Which could not be read or parsed as a whole?
SELECT path, parse_status, n_errors FROM repo_files WHERE parse_status <> 'ok' ORDER BY path;
-- ? Which files have the same content?
SELECT sha256, count(*) AS n, min(path) AS path FROM repo_files GROUP BY sha256 HAVING count(*) > 1 ORDER BY path;

-- dataset: repo_diagnostics
-- ? What did the walk leave out?
SELECT path, code, message FROM repo_diagnostics ORDER BY path, code;
-- ? For which reasons?
SELECT code, severity, count(*) AS n FROM repo_diagnostics GROUP BY ALL ORDER BY n DESC, code;
-- ? Is any of it an error?
SELECT path, message FROM repo_diagnostics WHERE severity = 'ERROR' ORDER BY path;

-- dataset: line_index
-- ? How many lines have which end?
SELECT newline, count(*) AS n FROM line_index GROUP BY newline ORDER BY n DESC, newline;
-- ? At which byte does a line start?
SELECT path, line, start_byte FROM line_index JOIN repo_files USING (file_id) WHERE line = 2 ORDER BY path LIMIT 20;
-- ? Which files mix line ends?
SELECT path FROM line_index l JOIN repo_files f USING (file_id) WHERE l.newline <> 'NONE' GROUP BY path HAVING count(DISTINCT l.newline) > 1 ORDER BY path;

-- dataset: modules
-- ? Which modules can be imported?
SELECT module, module_kind FROM modules WHERE module IS NOT NULL ORDER BY module;
-- ? Which modules does each package have?
SELECT package, count(*) AS n FROM modules GROUP BY package ORDER BY n DESC, package;
-- ? Does a dotted name stand for more than one file?
SELECT module, count(*) AS n FROM modules WHERE module IS NOT NULL GROUP BY module HAVING count(*) > 1 ORDER BY module;

-- dataset: syntax_nodes
-- ? Which constructs are used, and how often?
SELECT ast_class, count(*) AS n FROM syntax_nodes GROUP BY ast_class ORDER BY n DESC, ast_class;
-- ? Where are statements of one kind?
SELECT path, start_line FROM syntax_nodes JOIN repo_files USING (file_id) WHERE ast_class = 'Return' ORDER BY path, start_line;
-- ? Which statements are the biggest?
SELECT ast_class, name, n_subtree FROM syntax_nodes WHERE ast_class <> 'Module' ORDER BY n_subtree DESC, node_id LIMIT 10;

-- dataset: defs
-- ? Which classes and functions does a file define?
SELECT path, def_kind, qualname, start_line FROM defs JOIN repo_files USING (file_id) ORDER BY path, start_line;
-- ? Which functions take many parameters?
SELECT qualname, n_params FROM defs WHERE def_kind <> 'class' ORDER BY n_params DESC, qualname LIMIT 10;
-- ? Which are generators?
SELECT qualname FROM defs WHERE is_generator ORDER BY qualname;

-- dataset: params
-- ? What does a signature look like?
SELECT d.qualname, string_agg(p.name, ', ' ORDER BY p.position) AS signature FROM params p JOIN defs d USING (def_id) GROUP BY ALL ORDER BY ALL;
-- ? How many parameters have an annotation?
SELECT annotation_id IS NOT NULL AS annotated, count(*) AS n FROM params WHERE name <> 'self' GROUP BY ALL ORDER BY ALL;
-- ? Which parameters take what is left over?
SELECT name, param_kind FROM params WHERE param_kind IN ('vararg', 'varkw') ORDER BY ALL;

-- dataset: decorators
-- ? Which decorators are used?
SELECT text, count(*) AS n FROM decorators GROUP BY text ORDER BY n DESC, text;
-- ? What does one of them decorate?
SELECT d.qualname FROM decorators x JOIN defs d USING (def_id) WHERE x.text = 'property' ORDER BY d.qualname;
-- ? What has more than one?
SELECT qualname, n_decorators FROM defs WHERE n_decorators > 1 ORDER BY qualname;

-- dataset: class_bases
-- ? Which classes are inherited from?
SELECT text, count(*) AS n FROM class_bases WHERE arg_kind = 'positional' GROUP BY text ORDER BY n DESC, text;
-- ? Which classes inherit from one?
SELECT d.qualname FROM class_bases b JOIN defs d USING (def_id) WHERE b.text = 'Base' ORDER BY d.qualname;
-- ? Which classes name a metaclass?
SELECT d.qualname, b.text FROM class_bases b JOIN defs d USING (def_id) WHERE b.keyword = 'metaclass' ORDER BY ALL;

-- dataset: imports
-- ? Which modules are imported most?
SELECT coalesce(module, name) AS module, count(*) AS n FROM imports WHERE level = 0 GROUP BY ALL ORDER BY n DESC, module;
-- ? Who imports one of them?
SELECT DISTINCT path FROM imports i JOIN repo_files USING (file_id) WHERE coalesce(i.module, i.name) = 'os' ORDER BY path;
-- ? Which imports happen inside a function?
SELECT path, start_line, i.name FROM imports i JOIN repo_files USING (file_id) WHERE enclosing_def_id IS NOT NULL ORDER BY ALL;

-- dataset: name_refs
-- ? Which names are read most?
SELECT name, count(*) AS n FROM name_refs WHERE context = 'LOAD' GROUP BY name ORDER BY n DESC, name LIMIT 20;
-- ? Where is a name written?
SELECT path, start_line FROM name_refs JOIN repo_files USING (file_id) WHERE name = 'x' AND context = 'STORE' ORDER BY ALL;
-- ? Which names are only ever written?
SELECT name FROM name_refs GROUP BY name HAVING bool_and(context = 'STORE') ORDER BY name;

-- dataset: attributes
-- ? Which attributes are used most?
SELECT attribute, count(*) AS n FROM attributes GROUP BY attribute ORDER BY n DESC, attribute LIMIT 20;
-- ? Which are set?
SELECT attribute, count(*) AS n FROM attributes WHERE context = 'STORE' GROUP BY attribute ORDER BY n DESC, attribute;
-- ? Where is one of them read?
SELECT path, start_line FROM attributes JOIN repo_files USING (file_id) WHERE attribute = 'path' ORDER BY ALL;

-- dataset: calls
-- ? What is called most?
SELECT callee_text, count(*) AS n FROM calls GROUP BY callee_text ORDER BY n DESC, callee_text LIMIT 20;
-- ? Which functions make the most calls?
SELECT d.qualname, count(*) AS n FROM calls c JOIN defs d ON d.def_id = c.enclosing_def_id GROUP BY ALL ORDER BY n DESC, d.qualname;
-- ? Which calls run when a module is imported?
SELECT path, c.start_line, callee_text FROM calls c JOIN repo_files USING (file_id) WHERE enclosing_def_id IS NULL ORDER BY ALL;

-- dataset: args
-- ? Which keywords do calls use?
SELECT keyword, count(*) AS n FROM args WHERE keyword IS NOT NULL GROUP BY keyword ORDER BY n DESC, keyword;
-- ? How are arguments passed?
SELECT arg_kind, count(*) AS n FROM args GROUP BY arg_kind ORDER BY n DESC, arg_kind;
-- ? What is passed to one function?
SELECT l.text FROM args a JOIN calls c USING (call_id) JOIN literals l ON l.literal_id = a.value_id WHERE c.callee_text = 'run' ORDER BY ALL;

-- dataset: literals
-- ? Which texts stand in the source more than once?
SELECT text, count(*) AS n FROM literals WHERE literal_kind = 'string' GROUP BY text HAVING count(*) > 1 ORDER BY n DESC, text;
-- ? Which kinds are there?
SELECT literal_kind, count(*) AS n FROM literals GROUP BY literal_kind ORDER BY n DESC, literal_kind;
-- ? Which numbers are written out?
SELECT text, count(*) AS n FROM literals WHERE literal_kind IN ('int', 'float') GROUP BY text ORDER BY n DESC, text;

-- dataset: docstrings
-- ? What does the documentation of each definition say?
SELECT d.qualname, s.text FROM docstrings s JOIN defs d ON d.def_id = s.owner_id ORDER BY d.qualname;
-- ? How many definitions have one?
SELECT def_kind, count(s.docstring_id) AS documented, count(*) AS n FROM defs d LEFT JOIN docstrings s ON s.owner_id = d.def_id GROUP BY def_kind ORDER BY def_kind;
-- ? Which are the longest?
SELECT start_line, length(text) AS n_characters FROM docstrings ORDER BY n_characters DESC, docstring_id LIMIT 10;

-- dataset: comments
-- ? What is still to do?
SELECT path, start_line, text FROM comments JOIN repo_files USING (file_id) WHERE regexp_matches(text, 'TODO|FIXME') ORDER BY path, start_line;
-- ? Which checks are turned off by a comment?
SELECT text, count(*) AS n FROM comments WHERE regexp_matches(text, 'noqa|type: ignore') GROUP BY text ORDER BY n DESC, text;
-- ? Which files have the most comments?
SELECT path, count(*) AS n FROM comments JOIN repo_files USING (file_id) GROUP BY path ORDER BY n DESC, path;

-- dataset: type_exprs
-- ? Which types are written most?
SELECT text, count(*) AS n FROM type_exprs GROUP BY text ORDER BY n DESC, text;
-- ? What do functions return?
SELECT d.qualname, t.text FROM type_exprs t JOIN defs d ON d.def_id = t.owner_id WHERE t.role = 'return' ORDER BY ALL;
-- ? Where do types stand?
SELECT role, count(*) AS n FROM type_exprs GROUP BY role ORDER BY n DESC, role;

-- dataset: parse_errors
-- ? What does not parse, and where?
SELECT path, start_line, start_column, message FROM parse_errors JOIN repo_files USING (file_id) ORDER BY ALL;
-- ? For which reasons?
SELECT code, count(*) AS n FROM parse_errors GROUP BY code ORDER BY n DESC, code;
-- ? How many bytes were given up?
SELECT path, sum(n.end_byte - n.start_byte) AS n_bytes FROM parse_errors e JOIN nodes n ON n.node_id = e.region_id JOIN repo_files f ON f.file_id = e.file_id GROUP BY path ORDER BY n_bytes DESC, path;

-- dataset: scopes
-- ? Which kinds of scopes are there?
SELECT scope_kind, count(*) AS n FROM scopes GROUP BY scope_kind ORDER BY n DESC, scope_kind;
-- ? Which functions are nested in functions?
SELECT qualname, start_line FROM scopes WHERE is_nested AND scope_kind = 'function' ORDER BY ALL;
-- ? Which scopes have the most names?
SELECT s.qualname, count(*) AS n FROM scopes s JOIN bindings b USING (scope_id) GROUP BY ALL ORDER BY n DESC, s.qualname LIMIT 10;

-- dataset: bindings
-- ? Which names are bound and never used in their scope?
SELECT s.qualname, b.name FROM bindings b JOIN scopes s USING (scope_id) WHERE b.is_local AND b.is_assigned AND NOT b.is_referenced ORDER BY ALL;
-- ? Which variables does a closure keep?
SELECT name, scope_class FROM bindings WHERE scope_class IN ('CELL', 'FREE') ORDER BY ALL;
-- ? Which names do imports bind?
SELECT name, count(*) AS n FROM bindings WHERE is_imported GROUP BY name ORDER BY n DESC, name;

-- dataset: binding_resolutions
-- ? How are names found that do not live in their own scope?
SELECT resolution, count(*) AS n FROM binding_resolutions GROUP BY resolution ORDER BY n DESC, resolution;
-- ? Which of them live in no scope of the file?
SELECT DISTINCT b.name FROM binding_resolutions r JOIN bindings b USING (binding_id) WHERE r.slot_id IS NULL ORDER BY b.name;
-- ? Which module variables do functions use most?
SELECT b.name, count(*) AS n FROM binding_resolutions r JOIN bindings b ON b.binding_id = r.slot_id WHERE r.resolution = 'global' GROUP BY b.name ORDER BY n DESC, b.name;

-- dataset: name_bindings
-- ? Where is a variable used, by its slot?
SELECT path, start_line FROM name_bindings b JOIN repo_files USING (file_id) WHERE b.slot_id = (SELECT min(slot_id) FROM name_bindings) ORDER BY ALL;
-- ? What is done with names?
SELECT occurrence, count(*) AS n FROM name_bindings GROUP BY occurrence ORDER BY n DESC, occurrence;
-- ? Which names are found nowhere in their file?
SELECT name, count(*) AS n FROM name_bindings WHERE resolution = 'unbound' GROUP BY name ORDER BY n DESC, name;

-- dataset: scope_diagnostics
-- ? What would CPython's compiler refuse?
SELECT path, start_line, message FROM scope_diagnostics JOIN repo_files USING (file_id) ORDER BY ALL;
-- ? For which reasons?
SELECT code, count(*) AS n FROM scope_diagnostics GROUP BY code ORDER BY n DESC, code;
-- ? Which files are refused though they parse?
SELECT DISTINCT path FROM scope_diagnostics JOIN repo_files USING (file_id) WHERE parse_status = 'ok' ORDER BY path;

-- dataset: cfg_blocks
-- ? Which statements can never run?
SELECT path, start_line FROM cfg_blocks JOIN repo_files USING (file_id) WHERE NOT is_live AND n_elements > 0 ORDER BY ALL;
-- ? Which functions branch most?
SELECT s.qualname, count(*) AS n_blocks FROM cfg_blocks b JOIN scopes s USING (scope_id) GROUP BY ALL ORDER BY n_blocks DESC, s.qualname LIMIT 10;
-- ? Which blocks handle exceptions?
SELECT path, start_line FROM cfg_blocks JOIN repo_files USING (file_id) WHERE block_kind = 'handler' ORDER BY ALL;

-- dataset: cfg_elements
-- ? What happens in a block, in order?
SELECT position, action, node_id FROM cfg_elements WHERE block_id = (SELECT min(block_id) FROM cfg_elements) ORDER BY position;
-- ? What do programs do?
SELECT action, count(*) AS n FROM cfg_elements GROUP BY action ORDER BY n DESC, action;
-- ? What may raise?
SELECT n.kind, count(*) AS n FROM cfg_elements e JOIN nodes n USING (node_id) WHERE e.may_raise GROUP BY n.kind ORDER BY 2 DESC, 1;

-- dataset: cfg_edges
-- ? How does control flow?
SELECT kind, count(*) AS n FROM cfg_edges GROUP BY kind ORDER BY n DESC, kind;
-- ? What is a function's cyclomatic complexity?
SELECT s.qualname, count(*) - count(DISTINCT e.src_block_id) + 1 AS complexity FROM cfg_edges e JOIN cfg_blocks b ON b.block_id = e.src_block_id JOIN scopes s USING (scope_id) GROUP BY ALL ORDER BY complexity DESC, s.qualname LIMIT 10;
-- ? Which blocks have many ways in?
SELECT dst_block_id, count(*) AS n FROM cfg_edges GROUP BY dst_block_id ORDER BY n DESC, dst_block_id LIMIT 10;

-- dataset: dominators
-- ? Which blocks must all ways pass?
SELECT dominator_id, count(*) AS n FROM dominators GROUP BY dominator_id ORDER BY n DESC, dominator_id LIMIT 10;
-- ? What must run before a block?
SELECT b.start_line AS block_line, a.start_line AS dominator_line FROM dominators d JOIN cfg_blocks b ON b.block_id = d.block_id JOIN cfg_blocks a ON a.block_id = d.dominator_id ORDER BY d.block_id LIMIT 20;
-- ? Which live blocks are not dominated?
SELECT b.block_kind, count(*) AS n FROM cfg_blocks b ANTI JOIN dominators d USING (block_id) WHERE b.is_live GROUP BY b.block_kind ORDER BY ALL;

-- dataset: post_dominators
-- ? Which blocks does every way pass in the end?
SELECT post_dominator_id, count(*) AS n FROM post_dominators GROUP BY post_dominator_id ORDER BY n DESC, post_dominator_id LIMIT 10;
-- ? What runs after a block whatever happens?
SELECT b.start_line AS block_line, a.start_line AS later_line FROM post_dominators d JOIN cfg_blocks b ON b.block_id = d.block_id JOIN cfg_blocks a ON a.block_id = d.post_dominator_id ORDER BY d.block_id LIMIT 20;
-- ? How many blocks have one, by kind?
SELECT b.block_kind, count(*) AS n FROM post_dominators d JOIN cfg_blocks b USING (block_id) GROUP BY b.block_kind ORDER BY ALL;

-- dataset: control_deps
-- ? Which blocks decide whether most others run?
SELECT controller_id, count(*) AS n FROM control_deps GROUP BY controller_id ORDER BY n DESC, controller_id LIMIT 10;
-- ? On which kind of way does it depend?
SELECT kind, count(*) AS n FROM control_deps GROUP BY kind ORDER BY n DESC, kind;
-- ? Which lines depend on which?
SELECT c.start_line AS controller_line, b.start_line AS block_line FROM control_deps d JOIN cfg_blocks b ON b.block_id = d.block_id JOIN cfg_blocks c ON c.block_id = d.controller_id ORDER BY ALL LIMIT 20;

-- dataset: def_use_events
-- ? Which variables may lack a value where they are used?
SELECT b.name, e.start_line FROM def_use_events e JOIN bindings b USING (binding_id) WHERE e.event_kind = 'use' AND e.maybe_unbound ORDER BY ALL;
-- ? What happens to variables?
SELECT event_kind, count(*) AS n FROM def_use_events GROUP BY event_kind ORDER BY n DESC, event_kind;
-- ? Which variable is written most?
SELECT b.name, count(*) AS n FROM def_use_events e JOIN bindings b USING (binding_id) WHERE e.event_kind = 'def' GROUP BY b.name ORDER BY n DESC, b.name LIMIT 10;

-- dataset: reaching_defs
-- ? Where may a used value come from?
SELECT u.start_line AS use_line, d.start_line AS def_line FROM reaching_defs r JOIN def_use_events u ON u.event_id = r.use_event_id JOIN def_use_events d ON d.event_id = r.def_event_id ORDER BY ALL LIMIT 20;
-- ? Which uses have several definitions?
SELECT use_event_id, count(*) AS n FROM reaching_defs GROUP BY use_event_id HAVING count(*) > 1 ORDER BY n DESC, use_event_id;
-- ? Which definitions are never used in their own scope?
SELECT d.start_line, b.name FROM def_use_events d JOIN bindings b USING (binding_id) ANTI JOIN reaching_defs r ON r.def_event_id = d.event_id WHERE d.event_kind = 'def' AND d.is_own ORDER BY ALL LIMIT 20;

-- dataset: flow_diagnostics
-- ? Where was flow not followed?
SELECT path, start_line, message FROM flow_diagnostics JOIN repo_files USING (file_id) ORDER BY ALL;
-- ? For which reasons?
SELECT code, count(*) AS n FROM flow_diagnostics GROUP BY code ORDER BY n DESC, code;
-- ? In which files?
SELECT path, count(*) AS n FROM flow_diagnostics JOIN repo_files USING (file_id) GROUP BY path ORDER BY n DESC, path;

-- dataset: scip_metadata
-- ? Which indexer made the index?
SELECT tool_name, tool_version FROM scip_metadata;
-- ? How large is it?
SELECT size_bytes, n_documents, n_external_symbols FROM scip_metadata;
-- ? For which directory?
SELECT project_root, text_document_encoding FROM scip_metadata;

-- dataset: scip_documents
-- ? Which files does the index cover?
SELECT path, n_occurrences FROM scip_documents ORDER BY n_occurrences DESC, path;
-- ? Which does it not cover?
SELECT f.path FROM repo_files f ANTI JOIN scip_documents d USING (file_id) ORDER BY f.path;
-- ? In which unit does it count columns?
SELECT position_encoding, count(*) AS n FROM scip_documents GROUP BY position_encoding ORDER BY ALL;

-- dataset: scip_occurrences
-- ? Which symbols are used most?
SELECT symbol, count(*) AS n FROM scip_occurrences GROUP BY symbol ORDER BY n DESC, symbol LIMIT 20;
-- ? Where is each defined?
SELECT symbol, file_id, start_line FROM scip_occurrences WHERE symbol_roles & 1 = 1 ORDER BY ALL;
-- ? Which occurrences stand on a call's name?
SELECT o.symbol, c.callee_text FROM scip_occurrences o JOIN calls c ON c.file_id = o.file_id AND c.callee_name_start_byte = o.start_byte ORDER BY ALL;

-- dataset: scip_symbols
-- ? Which packages do symbols belong to?
SELECT package_name, package_version, count(*) AS n FROM scip_symbols GROUP BY ALL ORDER BY n DESC, package_name;
-- ? Which are defined elsewhere?
SELECT symbol FROM scip_symbols WHERE is_external ORDER BY symbol;
-- ? Which kinds of symbols are there?
SELECT suffix, count(*) AS n FROM scip_symbols GROUP BY suffix ORDER BY n DESC, suffix;

-- dataset: scip_symbol_information
-- ? What is known of symbols?
SELECT symbol, kind, display_name FROM scip_symbol_information ORDER BY symbol LIMIT 20;
-- ? Which have documentation?
SELECT symbol, documentation FROM scip_symbol_information WHERE documentation IS NOT NULL ORDER BY symbol;
-- ? Which are described more than once?
SELECT symbol, count(*) AS n FROM scip_symbol_information GROUP BY symbol HAVING count(*) > 1 ORDER BY symbol;

-- dataset: scip_external_symbols
-- ? Which symbols come from outside?
SELECT symbol, display_name FROM scip_external_symbols ORDER BY symbol;
-- ? Of which kinds?
SELECT kind, count(*) AS n FROM scip_external_symbols GROUP BY kind ORDER BY n DESC, kind;
-- ? Which of them are used here?
SELECT e.symbol, count(*) AS n FROM scip_external_symbols e JOIN scip_occurrences o USING (symbol_id) GROUP BY e.symbol ORDER BY n DESC, e.symbol;

-- dataset: scip_relationships
-- ? What implements what?
SELECT symbol, related_symbol FROM scip_relationships WHERE is_implementation ORDER BY ALL;
-- ? What is a reference to something else too?
SELECT symbol, related_symbol FROM scip_relationships WHERE is_reference ORDER BY ALL;
-- ? Which symbols have the most relations?
SELECT symbol, count(*) AS n FROM scip_relationships GROUP BY symbol ORDER BY n DESC, symbol;

-- dataset: scip_diagnostics
-- ? What does the indexer complain about?
SELECT severity, code, count(*) AS n FROM scip_diagnostics GROUP BY ALL ORDER BY n DESC, code;
-- ? What is deprecated?
SELECT file_id, start_line, message FROM scip_diagnostics WHERE is_deprecated ORDER BY ALL;
-- ? Which tools spoke?
SELECT source, count(*) AS n FROM scip_diagnostics GROUP BY source ORDER BY n DESC, source;

-- dataset: scip_span_errors
-- ? What of the index could not be placed?
SELECT path, reason, message FROM scip_span_errors ORDER BY ALL;
-- ? For which reasons?
SELECT reason, count(*) AS n FROM scip_span_errors GROUP BY reason ORDER BY n DESC, reason;
-- ? In which files?
SELECT path, count(*) AS n FROM scip_span_errors GROUP BY path ORDER BY n DESC, path;

-- dataset: rule_diagnostics
-- ? Which lane did the router choose for which kernel, and how often?
SELECT metadata['kernel'] AS kernel, metadata['lane'] AS lane, severity, count(*) AS n FROM rule_diagnostics WHERE metadata['code'] = 'kernel_lane' GROUP BY ALL ORDER BY ALL;
-- ? Which rules were skipped, for want of what?
SELECT rule_name, metadata['missing_evidence'] AS missing, metadata['output_dataset'] AS output FROM rule_diagnostics WHERE metadata['code'] = 'rule_skipped' ORDER BY rule_name;
-- ? What went wrong?
SELECT severity, domain, rule_name, message FROM rule_diagnostics WHERE severity <> 'info' ORDER BY ALL;

-- dataset: rule_exec_events
-- ? Which rules cost most?
SELECT rule_name, output_dataset, rows_out, duration_ms, lane FROM rule_exec_events WHERE scope = 'rule' AND status = 'ok' ORDER BY duration_ms DESC, rule_name LIMIT 10;
-- ? What did the gate and the writing of each output cost?
SELECT output_dataset, rows_in, rows_out, rows_rejected, timing_ms['finalize'] AS finalize_ms, timing_ms['write'] AS write_ms FROM rule_exec_events WHERE scope = 'output' ORDER BY write_ms DESC, output_dataset;
-- ? Which rules gave no rows, and why?
SELECT rule_name, status, coalesce(error_type, 'nothing to find') AS why FROM rule_exec_events WHERE scope = 'rule' AND coalesce(rows_out, 0) = 0 ORDER BY ALL;

-- dataset: duckdb_fallbacks
-- ? What did the engine refuse, and how often?
SELECT reason, expression_type, count(*) AS n FROM duckdb_fallbacks GROUP BY ALL ORDER BY n DESC, reason, expression_type;
-- ? In which words?
SELECT rule_name, output_dataset, error FROM duckdb_fallbacks ORDER BY ALL LIMIT 20;
-- ? Which of it does the policy not allow?
SELECT rule_name, unnest(policy_violations) AS violation FROM duckdb_fallbacks ORDER BY ALL;

-- dataset: duckdb_explains
-- ? Of which statements is there a plan?
SELECT output_dataset, rule_name, explain_analyze, length(explain_rows_json) AS n_characters FROM duckdb_explains ORDER BY ALL;
-- ? Which plans join?
SELECT DISTINCT rule_name, output_dataset FROM duckdb_explains WHERE contains(explain_rows_json, 'JOIN') ORDER BY ALL;
-- ? Which statements had plans with most operators?
SELECT output_dataset, rule_name, len(string_split(explain_rows_json, '"operator"')) - 1 AS n_operators FROM duckdb_explains WHERE explain_analyze ORDER BY n_operators DESC, output_dataset, rule_name LIMIT 10;

-- dataset: scan_telemetry
-- ? Which evidence do the rules read most often?
SELECT dataset, source, scans, count_rows, bytes FROM scan_telemetry ORDER BY count_rows DESC, dataset LIMIT 10;
-- ? How many times over is each dataset read?
SELECT dataset, round(count_rows / nullif(estimated_rows, 0), 1) AS times FROM scan_telemetry WHERE source = 'memory' ORDER BY times DESC NULLS LAST, dataset;
-- ? Which files were read again, and how many row groups are in them?
SELECT dataset, files, row_group_count, file_hints FROM scan_telemetry WHERE source = 'parquet' ORDER BY dataset;

-- dataset: rule_compile_artifacts
-- ? Which kernels does which rule run, in which lane?
SELECT rule_name, unnest(lanes) AS lane FROM rule_compile_artifacts ORDER BY ALL;
-- ? What was one rule compiled to?
SELECT sql FROM rule_compile_artifacts WHERE rule_name = 'call_argument';
-- ? Which rules does a policy weigh?
SELECT policy, count(*) AS n_rules FROM (SELECT unnest(policy_flags) AS policy FROM rule_compile_artifacts) GROUP BY policy ORDER BY n_rules DESC, policy;

-- dataset: dataset_stats
-- ? Where do the bytes of the bundle lie?
SELECT dataset_group, dataset_name, rows, bytes, round(bytes / nullif(rows, 0), 2) AS bytes_a_row FROM dataset_stats ORDER BY bytes DESC, dataset_name LIMIT 15;
-- ? Which datasets have rejects?
SELECT dataset_name, rows FROM dataset_stats WHERE dataset_group = 'rejects' AND rows > 0 ORDER BY rows DESC, dataset_name;
-- ? How many rows has each group?
SELECT dataset_group, count(*) AS n_datasets, sum(rows) AS n_rows, sum(files) AS n_files FROM dataset_stats GROUP BY dataset_group ORDER BY dataset_group;

-- dataset: column_stats
-- ? Which columns are mostly empty?
SELECT c.dataset_name, c.column_name, round(100.0 * c.null_count / d.rows, 1) AS percent_null FROM column_stats c JOIN dataset_stats d USING (dataset_name, dataset_group) WHERE d.rows > 0 ORDER BY percent_null DESC, c.dataset_name, c.column_name LIMIT 20;
-- ? Which columns are largest?
SELECT dataset_group, dataset_name, column_name, type, bytes FROM column_stats ORDER BY bytes DESC, dataset_name, column_name LIMIT 15;
-- ? Is a required column null anywhere?
SELECT dataset_name, column_name, null_count FROM column_stats WHERE dataset_group = 'cpg' AND column_name IN ('node_id', 'kind', 'src', 'dst') ORDER BY ALL;

-- dataset: rel_call_head
-- ? Which calls start at a name that nothing binds?
SELECT text FROM rel_call_head WHERE slot_id IS NULL ORDER BY ALL LIMIT 20;
-- ? Through which variables is most called?
SELECT b.name, count(*) AS n FROM rel_call_head h JOIN bindings b ON b.binding_id = h.slot_id GROUP BY b.name ORDER BY n DESC, b.name LIMIT 10;
-- ? What is called on one name?
SELECT tail, count(*) AS n FROM rel_call_head WHERE split_part(text, '.', 1) = 'os' GROUP BY tail ORDER BY n DESC, tail;

-- dataset: rel_call_symbol
-- ? Which symbols are called most?
SELECT s.symbol, count(*) AS n FROM rel_call_symbol r JOIN scip_symbols s USING (symbol_id) GROUP BY s.symbol ORDER BY n DESC, s.symbol LIMIT 10;
-- ? Which calls have more than one candidate?
SELECT c.callee_text, count(*) AS n FROM rel_call_symbol r JOIN calls c USING (call_id) WHERE r.ambiguity_group_id IS NOT NULL GROUP BY r.call_id, c.callee_text ORDER BY ALL LIMIT 20;
-- ? Which calls has the index nothing to say of?
SELECT c.callee_text, count(*) AS n FROM calls c ANTI JOIN rel_call_symbol r USING (call_id) GROUP BY c.callee_text ORDER BY n DESC, c.callee_text LIMIT 20;

-- dataset: rel_def_symbol
-- ? Which symbol does a definition have?
SELECT d.qualname, s.symbol FROM rel_def_symbol r JOIN defs d USING (def_id) JOIN scip_symbols s USING (symbol_id) ORDER BY ALL LIMIT 20;
-- ? Which definitions have none?
SELECT d.qualname FROM defs d ANTI JOIN rel_def_symbol r USING (def_id) ORDER BY ALL LIMIT 20;
-- ? Is a symbol defined more than once?
SELECT s.symbol, count(*) AS n FROM rel_def_symbol r JOIN scip_symbols s USING (symbol_id) GROUP BY s.symbol HAVING count(*) > 1 ORDER BY ALL LIMIT 20;

-- dataset: rel_import_symbol
-- ? What is imported most, by symbol?
SELECT s.symbol, count(*) AS n FROM rel_import_symbol r JOIN scip_symbols s USING (symbol_id) GROUP BY s.symbol ORDER BY n DESC, s.symbol LIMIT 10;
-- ? Which imports has the index a symbol for?
SELECT i.name, s.symbol FROM rel_import_symbol r JOIN imports i USING (import_id) JOIN scip_symbols s USING (symbol_id) ORDER BY ALL LIMIT 20;
-- ? Which imports has it none for?
SELECT i.module, i.name FROM imports i ANTI JOIN rel_import_symbol r USING (import_id) ORDER BY ALL LIMIT 20;

-- dataset: rel_import_target
-- ? Which names are imported most?
SELECT target, count(*) AS n FROM rel_import_target GROUP BY target ORDER BY n DESC, target LIMIT 10;
-- ? Which relative imports lead where?
SELECT i.level, i.module, r.target, r.status, r.status_reason FROM rel_import_target r JOIN imports i USING (import_id) WHERE i.level > 0 ORDER BY ALL LIMIT 20;
-- ? Where does the bound name mean another thing than what is imported?
SELECT target, bound FROM rel_import_target WHERE target <> bound ORDER BY ALL LIMIT 20;

-- dataset: rel_name_symbol
-- ? Which symbols are named most?
SELECT s.symbol, count(*) AS n FROM rel_name_symbol r JOIN scip_symbols s USING (symbol_id) GROUP BY s.symbol ORDER BY n DESC, s.symbol LIMIT 10;
-- ? Which symbols are written?
SELECT DISTINCT s.symbol FROM rel_name_symbol r JOIN scip_symbols s USING (symbol_id) WHERE (r.symbol_roles & 4) <> 0 ORDER BY ALL LIMIT 20;
-- ? How many identifiers have how many candidates?
SELECT n_candidates, count(*) AS n FROM (SELECT count(*) AS n_candidates FROM rel_name_symbol GROUP BY node_id) GROUP BY n_candidates ORDER BY n_candidates;

-- dataset: rel_scope_name
-- ? What are the names of a scope called from outside?
SELECT s.qualname, r.prefix FROM rel_scope_name r JOIN scopes s USING (scope_id) ORDER BY ALL LIMIT 20;
-- ? Which scopes can nothing be named in from outside?
SELECT s.scope_kind, count(*) AS n FROM scopes s ANTI JOIN rel_scope_name r USING (scope_id) GROUP BY s.scope_kind ORDER BY ALL;
-- ? Do two scopes share a name?
SELECT prefix, count(*) AS n FROM rel_scope_name GROUP BY prefix HAVING count(*) > 1 ORDER BY n DESC, prefix LIMIT 20;

-- dataset: rel_slot_qname
-- ? Which variables may hold more than one thing?
SELECT b.name, string_agg(r.qname, ', ' ORDER BY r.qname) AS qnames FROM rel_slot_qname r JOIN bindings b ON b.binding_id = r.slot_id GROUP BY r.slot_id, b.name HAVING count(*) > 1 ORDER BY ALL LIMIT 20;
-- ? What is known from imports, what from definitions?
SELECT qname_source, status, confidence, count(*) AS n FROM rel_slot_qname GROUP BY ALL ORDER BY ALL;
-- ? Under which local names is a module known?
SELECT DISTINCT b.name FROM rel_slot_qname r JOIN bindings b ON b.binding_id = r.slot_id WHERE r.qname = 'os' ORDER BY ALL;

-- dataset: rel_call_definition
-- ? Which classes does the index see called?
SELECT d.qualname, count(*) AS n FROM rel_call_definition r JOIN defs d USING (def_id) WHERE r.def_kind = 'class' GROUP BY ALL ORDER BY n DESC, d.qualname LIMIT 10;
-- ? How many calls lead to what?
SELECT def_kind, count(*) AS n FROM rel_call_definition GROUP BY ALL ORDER BY n DESC, def_kind;
-- ? Where does the index know more than one definition?
SELECT c.callee_text, count(*) AS n FROM rel_call_definition r JOIN calls c USING (call_id) GROUP BY r.call_id, c.callee_text HAVING count(*) > 1 ORDER BY ALL LIMIT 20;

-- dataset: rel_known_call
-- ? How many calls does the index know?
SELECT count(*) AS n FROM rel_known_call;
-- ? In which files?
SELECT f.path, count(*) AS n FROM rel_known_call r JOIN repo_files f ON f.file_id = r.call_id >> 24 GROUP BY ALL ORDER BY n DESC, f.path LIMIT 20;
-- ? Which calls does it not know?
SELECT c.callee_text, count(*) AS n FROM calls c ANTI JOIN rel_known_call r USING (call_id) GROUP BY ALL ORDER BY n DESC, c.callee_text LIMIT 20;

-- dataset: rel_named_call
-- ? What do names say of calls that the index knows?
SELECT c.callee_text, d.qualname FROM rel_named_call r JOIN calls c USING (call_id) JOIN defs d ON d.def_id = r.def_id ORDER BY ALL LIMIT 20;
-- ? What does the index not say of them?
SELECT c.callee_text, d.qualname FROM rel_named_call r JOIN calls c USING (call_id) JOIN defs d ON d.def_id = r.def_id ANTI JOIN rel_call_definition s ON s.call_id = r.call_id AND s.def_id = r.def_id ORDER BY ALL LIMIT 20;
-- ? How do names come to them?
SELECT how, count(*) AS n FROM rel_named_call GROUP BY how ORDER BY n DESC, how;

-- dataset: rel_call_target
-- ? Which definitions of the repository are called most?
SELECT d.qualname, count(*) AS n FROM rel_call_target r JOIN defs d USING (def_id) GROUP BY d.qualname ORDER BY n DESC, d.qualname LIMIT 10;
-- ? Which are never called, as far as the index and names see?
SELECT d.qualname FROM defs d ANTI JOIN rel_call_target r USING (def_id) ORDER BY ALL LIMIT 20;
-- ? Which calls lead to another file?
SELECT c.callee_text, count(*) AS n FROM rel_call_target r JOIN calls c USING (call_id) WHERE r.call_id >> 24 <> r.def_id >> 24 GROUP BY c.callee_text ORDER BY n DESC, c.callee_text LIMIT 20;

-- dataset: rel_settled_call
-- ? Which calls do names settle?
SELECT c.callee_text, count(*) AS n FROM rel_settled_call r JOIN calls c USING (call_id) GROUP BY ALL ORDER BY n DESC, c.callee_text LIMIT 20;
-- ? Which do they leave to values?
SELECT c.callee_text, count(*) AS n FROM calls c ANTI JOIN rel_settled_call r USING (call_id) GROUP BY ALL ORDER BY n DESC, c.callee_text LIMIT 20;
-- ? What share of calls is settled, file by file?
SELECT f.path, count(r.call_id) AS settled, count(*) AS calls FROM calls c JOIN repo_files f USING (file_id) LEFT JOIN rel_settled_call r USING (call_id) GROUP BY f.path ORDER BY ALL LIMIT 20;

-- dataset: rel_told_call
-- ? What is told of calls before values are asked?
SELECT c.callee_text, d.qualname FROM rel_told_call r JOIN calls c USING (call_id) JOIN defs d ON d.def_id = r.def_id ORDER BY ALL LIMIT 20;
-- ? What do values add to it?
SELECT c.callee_text, d.qualname FROM value_targets t JOIN calls c ON c.call_id = t.node_id JOIN defs d ON d.def_id = t.target_id ANTI JOIN rel_told_call r ON r.call_id = t.node_id AND r.def_id = t.target_id WHERE t.site = 'call' ORDER BY ALL LIMIT 20;
-- ? Which functions are told most?
SELECT d.qualname, count(*) AS n FROM rel_told_call r JOIN defs d ON d.def_id = r.def_id GROUP BY d.qualname ORDER BY n DESC, d.qualname LIMIT 10;

-- dataset: rel_valued_call
-- ? Which calls of decorated functions do values lead to a function?
SELECT c.callee_text, count(*) AS n FROM rel_valued_call r JOIN calls c USING (call_id) GROUP BY ALL ORDER BY n DESC, c.callee_text LIMIT 20;
-- ? Which function runs there?
SELECT c.callee_text, d.qualname FROM rel_valued_call r JOIN calls c USING (call_id) JOIN value_targets t ON t.node_id = r.call_id JOIN defs d ON d.def_id = t.target_id WHERE t.site = 'call' ORDER BY ALL LIMIT 20;
-- ? And which one do names see?
SELECT c.callee_text, d.qualname FROM rel_valued_call r JOIN calls c USING (call_id) JOIN call_targets t USING (call_id) JOIN defs d ON d.def_id = t.target_id ORDER BY ALL LIMIT 20;

-- dataset: rel_call_qname
-- ? Which builtins are called?
SELECT qname, count(*) AS n FROM rel_call_qname WHERE qname_source = 'BUILTIN' GROUP BY qname ORDER BY n DESC, qname;
-- ? Which calls may go to one of several names?
SELECT c.callee_text, string_agg(r.qname, ', ' ORDER BY r.qname) AS qnames FROM rel_call_qname r JOIN calls c USING (call_id) WHERE r.ambiguity_group_id IS NOT NULL GROUP BY r.call_id, c.callee_text ORDER BY ALL LIMIT 20;
-- ? Who calls a function of that name?
SELECT f.path, c.start_line FROM rel_call_qname r JOIN calls c USING (call_id) JOIN repo_files f ON f.file_id = r.call_id >> 24 << 24 WHERE r.qname = 'os.path.join' ORDER BY ALL LIMIT 20;

-- dataset: module_imports
-- ? Which modules import which?
SELECT a.module AS importer, m.name AS imported, m.status FROM module_imports m JOIN modules a ON a.module_id = m.module_id GROUP BY ALL ORDER BY ALL LIMIT 20;
-- ? Which imports lead to nothing?
SELECT m.name, f.path FROM module_imports m JOIN repo_files f ON f.file_id = m.file_id WHERE m.status = 'unresolved' ORDER BY ALL;
-- ? Which modules outside are imported most?
SELECT name, count(*) AS n FROM module_imports WHERE status = 'external' GROUP BY name ORDER BY n DESC, name LIMIT 20;

-- dataset: name_targets
-- ? What does a name stand for, and where is that?
SELECT s.name, t.how, f.path, d.start_line, t.external FROM name_targets t JOIN syntax_nodes s ON s.node_id = t.node_id LEFT JOIN syntax_nodes d ON d.node_id = t.target_id LEFT JOIN repo_files f ON f.file_id = d.file_id WHERE t.is_final ORDER BY ALL LIMIT 20;
-- ? What refers to a definition?
SELECT f.path, s.start_line, s.start_column FROM name_targets t JOIN syntax_nodes s ON s.node_id = t.node_id JOIN repo_files f ON f.file_id = s.file_id JOIN defs d ON d.def_id = t.target_id WHERE d.name = 'area' AND t.is_final ORDER BY ALL;
-- ? Which names outside are used most?
SELECT external, count(*) AS n FROM name_targets WHERE external IS NOT NULL GROUP BY external ORDER BY n DESC, external LIMIT 20;

-- dataset: reference_statuses
-- ? How far are names understood?
SELECT kind, status, count(*) AS n FROM reference_statuses GROUP BY ALL ORDER BY kind, n DESC, status;
-- ? Why are some not?
SELECT status, reason, count(*) AS n FROM reference_statuses WHERE reason IS NOT NULL GROUP BY ALL ORDER BY n DESC, status, reason;
-- ? Which names may stand for several things?
SELECT f.path, s.start_line, s.name, r.n_candidates FROM reference_statuses r JOIN syntax_nodes s ON s.node_id = r.node_id JOIN repo_files f ON f.file_id = s.file_id WHERE r.status = 'ambiguous' ORDER BY ALL;

-- dataset: call_targets
-- ? Who calls which function?
SELECT coalesce(e.qualname, '<module>') AS caller, d.qualname AS callee, t.how FROM call_targets t JOIN calls c ON c.call_id = t.call_id JOIN defs d ON d.def_id = t.target_id LEFT JOIN defs e ON e.def_id = c.enclosing_def_id ORDER BY ALL LIMIT 20;
-- ? Which functions does no call that is understood run?
SELECT d.qualname FROM defs d LEFT JOIN call_targets t ON t.target_id = d.def_id WHERE t.call_id IS NULL AND d.def_kind = 'function' ORDER BY ALL LIMIT 20;
-- ? What is called outside the repository?
SELECT external, count(*) AS n FROM call_targets WHERE external IS NOT NULL GROUP BY external ORDER BY n DESC, external LIMIT 20;

-- dataset: call_statuses
-- ? How far are calls understood?
SELECT status, count(*) AS n FROM call_statuses GROUP BY status ORDER BY n DESC, status;
-- ? Why are some not?
SELECT status, reason, count(*) AS n FROM call_statuses WHERE reason IS NOT NULL GROUP BY ALL ORDER BY n DESC, status, reason;
-- ? Which calls may run several functions?
SELECT f.path, c.start_line, c.callee_text, s.n_candidates FROM call_statuses s JOIN calls c ON c.call_id = s.call_id JOIN repo_files f ON f.file_id = c.file_id WHERE s.status = 'ambiguous' ORDER BY ALL;

-- dataset: value_targets
-- ? Which functions do values lead to where names do not?
SELECT c.callee_text, d.qualname, t.n_candidates FROM value_targets t JOIN calls c ON c.call_id = t.node_id JOIN defs d ON d.def_id = t.target_id ANTI JOIN call_targets n ON n.call_id = c.call_id WHERE t.site = 'call' ORDER BY ALL LIMIT 20;
-- ? What runs code without a call?
SELECT site, count(*) AS n FROM value_targets WHERE site <> 'call' GROUP BY site ORDER BY n DESC, site;
-- ? Which places lead out of the repository, and where to?
SELECT external, count(*) AS n FROM value_targets WHERE external IS NOT NULL GROUP BY external ORDER BY n DESC, external LIMIT 20;

-- dataset: value_sites
-- ? How far are places that call understood?
SELECT site, status, count(*) AS n FROM value_sites GROUP BY ALL ORDER BY site, n DESC, status;
-- ? Where was something left out?
SELECT f.path, s.start_line, v.site, v.n_left_out FROM value_sites v JOIN syntax_nodes s USING (node_id) JOIN repo_files f ON f.file_id = v.file_id WHERE v.n_left_out > 0 ORDER BY ALL LIMIT 20;
-- ? Which places may run most functions?
SELECT f.path, s.start_line, v.site, v.n_functions FROM value_sites v JOIN syntax_nodes s USING (node_id) JOIN repo_files f ON f.file_id = v.file_id ORDER BY v.n_functions DESC, f.path, s.start_line, v.site LIMIT 20;

-- dataset: value_types
-- ? Of what types are the parameters of functions?
SELECT d.qualname, p.name, t.type, t.n_candidates FROM value_types t JOIN params p ON p.param_id = t.node_id JOIN defs d ON d.def_id = p.def_id ORDER BY ALL LIMIT 20;
-- ? What do functions give back?
SELECT d.qualname, t.place, t.type FROM value_types t JOIN defs d ON d.def_id = t.node_id ORDER BY d.qualname, t.value_type_id LIMIT 20;
-- ? What stands at the keys of a dict, the places of a list?
SELECT n.name, t.path, t.type FROM value_types t JOIN name_refs n ON n.name_ref_id = t.node_id WHERE t.path IS NOT NULL ORDER BY ALL LIMIT 20;

-- dataset: class_mro
-- ? In which order is a class searched?
SELECT c.qualname, m.position, coalesce(a.qualname, m.external) AS ancestor FROM class_mro m JOIN defs c ON c.def_id = m.class_id LEFT JOIN defs a ON a.def_id = m.ancestor_id ORDER BY c.qualname, m.class_id, m.position LIMIT 20;
-- ? What derives from a class?
SELECT c.qualname FROM class_mro m JOIN defs c ON c.def_id = m.class_id JOIN defs a ON a.def_id = m.ancestor_id WHERE a.name = 'Base' AND m.position > 0 ORDER BY ALL;
-- ? Which bases lie outside?
SELECT external, count(*) AS n FROM class_mro WHERE external IS NOT NULL GROUP BY external ORDER BY n DESC, external;

-- dataset: class_members
-- ? What does a class have of its own?
SELECT c.qualname, m.name, m.member_kind FROM class_members m JOIN defs c ON c.def_id = m.class_id ORDER BY ALL LIMIT 20;
-- ? Which classes have the most members?
SELECT c.qualname, count(*) AS n FROM class_members m JOIN defs c ON c.def_id = m.class_id GROUP BY ALL ORDER BY n DESC, c.qualname LIMIT 10;
-- ? Which attributes do only instances have?
SELECT c.qualname, m.name FROM class_members m JOIN defs c ON c.def_id = m.class_id WHERE m.member_kind = 'field' ORDER BY ALL LIMIT 20;

-- dataset: overrides
-- ? Which methods take the place of an inherited one?
SELECT m.qualname, o.qualname AS overridden FROM overrides v JOIN defs m ON m.def_id = v.member_id JOIN defs o ON o.def_id = v.overridden_id ORDER BY ALL LIMIT 20;
-- ? Which methods are overridden most?
SELECT o.qualname, count(*) AS n FROM overrides v JOIN defs o ON o.def_id = v.overridden_id GROUP BY ALL ORDER BY n DESC, o.qualname LIMIT 10;
-- ? What does one class override?
SELECT c.qualname, count(*) AS n FROM overrides v JOIN defs c ON c.def_id = v.class_id GROUP BY ALL ORDER BY n DESC, c.qualname LIMIT 10;

-- dataset: names_diagnostics
-- ? Which classes have no order of ancestors that Python accepts?
SELECT c.qualname, d.message FROM names_diagnostics d JOIN defs c ON c.def_id = d.node_id WHERE d.code = 'mro_inconsistent' ORDER BY ALL;
-- ? For which reasons?
SELECT code, count(*) AS n FROM names_diagnostics GROUP BY code ORDER BY n DESC, code;
-- ? In which files?
SELECT path, count(*) AS n FROM names_diagnostics JOIN repo_files USING (file_id) GROUP BY path ORDER BY n DESC, path;

-- dataset: module_names
-- ? By which names can a module be imported, and why?
SELECT f.path, n.name, n.reason FROM module_names n JOIN repo_files f ON f.file_id = n.file_id ORDER BY f.path, n.position LIMIT 20;
-- ? Which modules have more than one name?
SELECT f.path, count(*) AS n FROM module_names n JOIN repo_files f ON f.file_id = n.file_id GROUP BY ALL HAVING count(*) > 1 ORDER BY n DESC, f.path LIMIT 20;
-- ? Where do names of modules start?
SELECT source_root, reason, count(*) AS n FROM module_names WHERE position = 0 GROUP BY ALL ORDER BY n DESC, source_root LIMIT 20;
