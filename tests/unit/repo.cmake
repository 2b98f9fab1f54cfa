# SPDX-License-Identifier: Apache-2.0
rs_unit_test(repo_git)
rs_unit_test(repo_ignore)
rs_unit_test(repo_importable)
rs_unit_test(repo_source)
rs_unit_test(repo_walk)
