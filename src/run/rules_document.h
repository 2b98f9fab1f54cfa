/* SPDX-License-Identifier: Apache-2.0 */
/* rules_document.h - a set of rules as JSON: documents of a bundle, the manifest, `rules list`. */
#ifndef RS_RUN_RULES_DOCUMENT_H
#define RS_RUN_RULES_DOCUMENT_H

#include "base/json.h"
#include "rules/rules.h"

/*
 * The built-in packs and those of rules_dir (NULL: none), checked for an engine's dialect.
 *
 * Ownership: policy and dialect are borrowed as long as the rules live. The caller owns *out, also on failure (it holds the problems then).
 */
rs_status rs_rules_load(const char *rules_dir, const rs_policy *policy, const rs_dialect *dialect,
                        const atomic_bool *stop, rs_rules **out, rs_error *err) RS_MUST_USE;

/*
 * {"rules": [...], "signature": of all of them, "relationships": [...]}. Rules stand in the order
 * that they run in; for each
 *
 *   name, doc, pack, line, kind, scope, priority, signature
 *   inputs     alias, dataset, lens, made_by (the rules whose output it is)
 *   output     a dataset; emits: the kinds that it makes there
 *   consumers  the rules that read the output
 *   policies   confidence and ambiguity: what the policy says under the names that the rule gives
 *   lanes      for each kernel: kernel, lane, is_allowed, reason
 *   written    as its pack has it
 *   sql
 *   ir         what the signature is the hash of; only for with_ir: a bundle keeps it beside this
 *
 * Relationships are as rs_schema_document() has a dataset, with their bundle group and
 *
 *   group_by   the column whose rows are candidates of one question, or null
 *   sort       columns, with " desc" where they descend
 *   rank       how strong the evidence is, 1 the strongest
 *   made_by    the rules whose output it is
 *
 * Packs of rules_dir are named from there on.
 */
rs_status rs_rules_add_document(const rs_rules *rules, const char *rules_dir, bool with_ir,
                                json_t **out, rs_error *err) RS_MUST_USE;

/* A pack's file as bundles name it, from rules_dir on (NULL: none): no absolute path stands there. */
const char *rs_pack_name(const char *pack, const char *rules_dir);

/* The manifest's: [{name, pack, output, emits, sql_sha256}]. */
rs_status rs_rules_add_summary(const rs_rules *rules, const char *rules_dir, json_t **out,
                               rs_error *err) RS_MUST_USE;

/* relspec/rule_signatures.json: {"graph": signature, "rules": {name: {signature, rule}}}, rule
 * being what the signature is of (rs_rules_add_canonical()). */
rs_status rs_rules_add_signatures(const rs_rules *rules, json_t **out, rs_error *err) RS_MUST_USE;

#endif
