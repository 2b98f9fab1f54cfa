# SPDX-License-Identifier: Apache-2.0
rs_unit_test(drafts)
rs_unit_test(files)
rs_unit_test(id_set)
rs_unit_test(records)
