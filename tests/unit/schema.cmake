# SPDX-License-Identifier: Apache-2.0
rs_unit_test(arrow_ipc)
rs_unit_test(entity)
rs_unit_test(frame)
rs_unit_test(kernel_registry)
rs_unit_test(kinds)
rs_unit_test(push)
