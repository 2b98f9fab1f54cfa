# SPDX-License-Identifier: Apache-2.0
rs_unit_test(pack_keys)
rs_unit_test(rules_expr)
rs_unit_test(rules_load)
rs_unit_test(rules_packs)
rs_unit_test(rules_policy)
