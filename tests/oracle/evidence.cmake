# SPDX-License-Identifier: Apache-2.0
rs_test_program(tree_dump tree_dump.c)
rs_script_test(oracle.whole_tree whole_tree.py LABELS oracle TIMEOUT 900)
rs_script_test(oracle.ast_facts ast_facts.py PLAIN LABELS oracle TIMEOUT 900)
rs_test_program(scope_probe scope_probe.c)
rs_script_test(oracle.scopes scope_oracle.py PLAIN LABELS slow TIMEOUT 900)
rs_test_program(flow_probe flow_probe.c)
rs_script_test(oracle.flow flow_oracle.py PLAIN LABELS slow TIMEOUT 900)
rs_script_test(oracle.flow_property flow_property.py PLAIN LABELS slow TIMEOUT 900)
