# SPDX-License-Identifier: Apache-2.0
set(RS_CLI_SOURCES
  document.c
  help.c
  main.c
  output.c
  parse.c
  summary.c
  commands/build.c
  commands/doctor.c
  commands/help.c
  commands/internal.c
  commands/pipeline.c
  commands/query.c
  commands/rules.c
  commands/schema.c
  commands/version.c
)
