# SPDX-License-Identifier: Apache-2.0
rs_unit_test(module_table)
rs_unit_test(project_files)
