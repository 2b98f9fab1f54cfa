# SPDX-License-Identifier: Apache-2.0
set(RS_CLI_COMMANDS_SOURCES
  build.c
  diff.c
  doctor.c
  export.c
  gate.c
  help.c
  internal.c
  pipeline.c
  query.c
  rules.c
  rules_graph.c
  rules_show.c
  schema.c
  version.c
  why.c
)
