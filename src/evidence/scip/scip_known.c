/* SPDX-License-Identifier: Apache-2.0 */
/* scip_known.c - which symbol one counts as.
 *
 * An indexer names symbols that it defines nowhere: scip-python numbers what it cannot resolve as
 * locals, and calls a module by the name that it is imported by where its definitions have the path
 * below the root (`flask.app` and `src.flask.app`). Such a name is no knowledge. What a definition
 * stands behind is, and so is what another package has.
 */
#include "evidence/scip/scip_impl.h"

/* What stands in a symbol from `start` to `end`: its first descriptor's name, without backticks. */
typedef struct module_name {
    size_t descriptors; /* where the first descriptor starts: behind scheme and package */
    size_t start;
    size_t end;
    size_t slash; /* where the / behind it stands */
} module_name;

/* Behind the scheme and the three words of the package, in which a space is two; 0: there is none. */
static size_t descriptors_start(rs_str symbol)
{
    enum { N_WORDS = 4 };
    size_t n_words = 0;
    for (size_t at = 0; at < symbol.n_bytes; at++) {
        if (symbol.bytes[at] != ' ') {
            continue;
        }
        if (at + 1 < symbol.n_bytes && symbol.bytes[at + 1] == ' ') {
            at++;
        } else if (++n_words == N_WORDS) {
            return at + 1;
        }
    }
    return 0;
}

/* False when the first descriptor is no namespace. */
static bool find_module(rs_str symbol, module_name *out)
{
    size_t at = out->descriptors = descriptors_start(symbol);
    bool is_quoted = at > 0 && at < symbol.n_bytes && symbol.bytes[at] == '`';
    at += is_quoted;
    out->start = at;
    while (at < symbol.n_bytes && symbol.bytes[at] != (is_quoted ? '`' : '/')) {
        at++; /* a name with a backtick in it is none that this file is about */
    }
    out->end = at;
    out->slash = at + is_quoted;
    return out->descriptors > 0 && out->slash < symbol.n_bytes && symbol.bytes[out->slash] == '/';
}

/* The symbol with its module called by another name; a name with a dot in it stands in backticks. */
static rs_str spell(rs_str symbol, const module_name *at, rs_str module, rs_buf *scratch)
{
    const char *quote = memchr(module.bytes, '.', module.n_bytes) != NULL ? "`" : "";
    rs_buf_reset(scratch);
    rs_buf_append(scratch, symbol.bytes, at->descriptors);
    rs_buf_add(scratch, quote);
    rs_buf_add_str(scratch, module);
    rs_buf_add(scratch, quote);
    rs_buf_append(scratch, symbol.bytes + at->slash, symbol.n_bytes - at->slash);
    return rs_buf_str(scratch);
}

/* Note which definition a spelling stands for; RS_SCIP_NOWHERE where it is one of several. */
static bool add_spelling(rs_scip_table *table, rs_str spelling, uint32_t symbol)
{
    uint32_t number = rs_strings_add(&table->spellings, spelling);
    if (number == RS_STR_NULL) {
        return false;
    }
    if (number == table->spelt.n_items) {
        return rs_scip_numbers_push(&table->spelt, symbol);
    }
    if (table->spelt.items[number] != symbol) {
        table->spelt.items[number] = RS_SCIP_NOWHERE;
    }
    return true;
}

bool rs_scip_table_define(rs_scip_table *table, uint32_t symbol, rs_str module, rs_buf *scratch)
{
    rs_str text = table->texts.items[symbol];
    module_name at;
    bool has_module = find_module(text, &at);
    table->symbols.items[symbol].flags |= RS_SCIP_SYMBOL_DEFINED;
    if (at.descriptors > 0 &&
        rs_strings_add(&table->packages, (rs_str){text.bytes, at.descriptors}) == RS_STR_NULL) {
        return false;
    }
    size_t n_name = has_module ? at.end - at.start : 0;
    bool is_behind_prefix =
        module.n_bytes > 0 && n_name > module.n_bytes + 1 &&
        text.bytes[at.end - module.n_bytes - 1] == '.' &&
        memcmp(text.bytes + at.end - module.n_bytes, module.bytes, module.n_bytes) == 0;
    if (!is_behind_prefix) {
        return true;
    }
    table->symbols.items[symbol].flags |= RS_SCIP_SYMBOL_NAMED; /* by who spells it so */
    rs_str spelling = spell(text, &at, module, scratch);
    return !scratch->failed && add_spelling(table, spelling, symbol);
}

rs_str rs_scip_known(const rs_scip_index *index, rs_str symbol)
{
    const rs_scip_table *table = &index->table;
    uint32_t number = rs_strings_find(&table->texts, symbol);
    uint32_t flags = number == RS_STR_NULL ? 0 : table->symbols.items[number].flags;
    if ((flags & RS_SCIP_SYMBOL_DEFINED) != 0) {
        return symbol;
    }
    uint32_t spelling = rs_strings_find(&table->spellings, symbol);
    if (spelling != RS_STR_NULL) {
        uint32_t meant = table->spelt.items[spelling];
        return meant == RS_SCIP_NOWHERE ? (rs_str){0} : table->texts.items[meant];
    }
    size_t start = descriptors_start(symbol);
    bool is_of_others = start > 0 && rs_strings_find(&table->packages,
                                                     (rs_str){symbol.bytes, start}) == RS_STR_NULL;
    return is_of_others || (flags & RS_SCIP_SYMBOL_EXTERNAL) != 0 ? symbol : (rs_str){0};
}
