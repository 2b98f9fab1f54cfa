# SPDX-License-Identifier: Apache-2.0
rs_unit_test(api_policy ENGINE)
rs_unit_test(api_params ENGINE)
rs_unit_test(api_why ENGINE)
rs_unit_test(api_result ENGINE)
rs_unit_test(api_query ENGINE)
rs_unit_test(api_query_doors ENGINE)
rs_unit_test(api_clash ENGINE)
rs_unit_test(api_stop ENGINE)
