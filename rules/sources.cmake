# SPDX-License-Identifier: Apache-2.0
# The packs that the library carries, below this folder.
set(RS_RULE_PACKS
  python/edges.yaml
  python/flow.yaml
  python/names.yaml
  python/nodes.yaml
  python/props.yaml
  python/relationships.yaml
  python/scip.yaml
  python/scopes.yaml
  python/symbols.yaml
  python/values.yaml
)
# The built-in policy, there too.
set(RS_RULE_POLICY policy.yaml)
