# SPDX-License-Identifier: Apache-2.0
rs_unit_test(property_map)
rs_unit_test(table)
