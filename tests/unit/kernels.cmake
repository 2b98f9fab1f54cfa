# SPDX-License-Identifier: Apache-2.0
rs_unit_test(kernels)
rs_unit_test(kernel_align)
rs_unit_test(kernel_lanes ENGINE LONG)
rs_unit_test(kernel_sql)
rs_unit_test(param_signature)
