# SPDX-License-Identifier: Apache-2.0
rs_unit_test(graph_emit ENGINE)
rs_unit_test(graph_gate ENGINE)
rs_unit_test(graph_kinds)
rs_unit_test(held)
rs_unit_test(stream)
