# SPDX-License-Identifier: Apache-2.0
rs_unit_test(changes)
rs_unit_test(snapshot)
rs_unit_test(same)
rs_unit_test(rule_mutations LONG)
