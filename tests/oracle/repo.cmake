# SPDX-License-Identifier: Apache-2.0
rs_test_program(repo_probe repo_probe.c)
rs_script_test(oracle.codecs repo_codecs.py LABELS slow)
rs_script_test(oracle.ignore repo_ignore.py LABELS slow)
