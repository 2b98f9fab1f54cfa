# SPDX-License-Identifier: Apache-2.0
rs_unit_test(engine_arrow ENGINE)
rs_unit_test(engine_query ENGINE)
rs_unit_test(engine_scan ENGINE)
