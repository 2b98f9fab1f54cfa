# SPDX-License-Identifier: Apache-2.0
rs_test_program(tree_dump tree_dump.c)
rs_script_test(oracle.whole_tree whole_tree.py LABELS oracle TIMEOUT 900)
rs_script_test(oracle.ast_facts ast_facts.py PLAIN LABELS oracle TIMEOUT 900)
rs_test_program(scope_probe scope_probe.c)
rs_script_test(oracle.element_dominance element_dominance.py LABELS oracle)
rs_script_test(oracle.builtins builtins_oracle.py PLAIN LABELS quick oracle)
rs_script_test(oracle.scopes scope_oracle.py PLAIN LABELS slow TIMEOUT 900)
rs_test_program(flow_probe flow_probe.c)
rs_script_test(oracle.flow flow_oracle.py PLAIN LABELS slow TIMEOUT 900)
rs_script_test(oracle.flow_property flow_property.py PLAIN LABELS slow TIMEOUT 900)
rs_script_test(oracle.execution execution.py LABELS oracle)
rs_script_test(oracle.refusals refusals.py PLAIN LABELS slow TIMEOUT 900)
rs_script_test(oracle.flow_execution flow_execution.py PLAIN LABELS slow TIMEOUT 900)
rs_script_test(oracle.type_scopes type_scopes.py PLAIN LABELS slow TIMEOUT 900)
# Imports the standard library of the interpreter that runs it.
rs_script_test(oracle.names_mro names_mro.py PLAIN LABELS slow TIMEOUT 900)
# Fetches requests, Flask and scip-python; skips where they cannot be had. Django: names_scip.py django
rs_script_test(oracle.names_scip names_scip.py PLAIN LABELS slow TIMEOUT 900)
