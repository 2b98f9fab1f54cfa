# SPDX-License-Identifier: Apache-2.0
rs_fuzz_target(parquet)
