# SPDX-License-Identifier: Apache-2.0
rs_unit_test(syntax_rows)
rs_unit_test(scope)
rs_unit_test(flow)
rs_unit_test(lens SOURCES ../toy/toy.c)
rs_unit_test(scip)
rs_unit_test(values_solve)
