# SPDX-License-Identifier: Apache-2.0
set(RS_REPO_SOURCES
  claims.c
  codec.c
  codec_tables.c
  git.c
  git_plain.c
  ignore.c
  ignores.c
  importable.c
  nested.c
  recode.c
  repo.c
  source.c
  tree.c
  utf8.c
  walk.c
)
