# SPDX-License-Identifier: Apache-2.0
rs_test_program(repo_probe repo_probe.c)
rs_script_test(oracle.codecs repo_codecs.py PLAIN LABELS slow)
rs_script_test(oracle.ignore repo_ignore.py PLAIN LABELS slow)
