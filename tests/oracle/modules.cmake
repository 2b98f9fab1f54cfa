# SPDX-License-Identifier: Apache-2.0
rs_test_program(module_probe module_probe.c)
