# SPDX-License-Identifier: Apache-2.0
rs_unit_test(alloc)
rs_unit_test(arena)
rs_unit_test(error)
rs_unit_test(hash)
rs_unit_test(line_index)
rs_unit_test(str)
rs_unit_test(vec)
rs_unit_test(shuffle)
