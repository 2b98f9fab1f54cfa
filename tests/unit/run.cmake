# SPDX-License-Identifier: Apache-2.0
rs_unit_test(nodes)
rs_unit_test(pipeline ENGINE)
rs_unit_test(relate ENGINE)
rs_unit_test(param_file)
rs_unit_test(language ENGINE SOURCES ../toy/toy.c)
rs_unit_test(watch)
