# SPDX-License-Identifier: Apache-2.0
rs_unit_test(parquet LONG)
rs_unit_test(parquet_bytes)
