# SPDX-License-Identifier: Apache-2.0
rs_fuzz_target(syntax)
rs_fuzz_target(scope)
rs_fuzz_target(scip)
rs_fuzz_target(flow)
rs_fuzz_target(names tests/names/cases)
