/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/syntax/syntax.h"

#include <stdlib.h>

#include "evidence/syntax/syntax_impl.h"

/* --- syntax_nodes --- */

/* Columns that are the tree's own fields, one after the other. */
static void nodes_copy(const rs_file_at_hand *x)
{
    rs_syntax_nodes_columns out = rs_syntax_nodes_columns_of(x->part);
    size_t first = x->part->first_node;
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        const rs_node *node = &x->tree.nodes[i];
        size_t row = first + i;
        out.node_id[row] = id_of(x, i);
        out.parent_id[row] = id_of(x, node->parent);
        out.ast_class[row] = node->ast_class;
        out.kind[row] = (uint8_t)rs_ast_class_kind((rs_ast_class)node->ast_class);
        out.field[row] = node->field;
        out.field_index[row] = (int32_t)node->order;
        out.n_subtree[row] = (int32_t)node->n_subtree;
        out.context[row] = node->context == RS_CONTEXT_NONE ? RS_ENUM_NULL : node->context;
        out.parens[row] = node->parens;
        out.damaged[row] = node->damaged;
    }
    out.parent_id[first] = 0; /* the root's, which is null */
}

/* Spans; starts come nearly sorted, so each line is looked for near the last. */
static void nodes_place(const rs_file_at_hand *x)
{
    rs_syntax_nodes_columns out = rs_syntax_nodes_columns_of(x->part);
    size_t first = x->part->first_node;
    uint32_t line = 1;
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        size_t row = first + i;
        uint32_t start = raw_of(x, x->tree.nodes[i].start_byte);
        uint32_t end = raw_of(x, x->tree.nodes[i].end_byte);
        rs_position from = rs_file_position(x, line, start);
        rs_position to = rs_file_position(x, from.line, end);
        line = from.line;
        out.start_byte[row] = start;
        out.end_byte[row] = end;
        out.start_line[row] = (int32_t)from.line;
        out.start_column[row] = (int32_t)from.column;
        out.end_line[row] = (int32_t)to.line;
        out.end_column[row] = (int32_t)to.column;
    }
}

/* The identifier that each node carries; qualified names are filled with the definitions. */
static void nodes_name(rs_file_at_hand *x)
{
    rs_syntax_nodes_columns out = rs_syntax_nodes_columns_of(x->part);
    size_t first = x->part->first_node;
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        const rs_node *node = &x->tree.nodes[i];
        rs_ast_class ast_class = (rs_ast_class)node->ast_class;
        if (node->name_end > node->name_start) {
            out.name[first + i] =
                string_number(x, rs_file_name(x, node->name_start, node->name_end));
        } else if (rs_ast_class_kind(ast_class) == RS_K_OPERATOR) {
            out.name[first + i] = string_number(x, rs_str_of(rs_ast_class_name(ast_class)));
        }
    }
    if (x->file->module.bytes != NULL) {
        uint32_t module = string_number(x, x->file->module);
        out.name[first] = module;
        out.qualified_name[first] = module;
    }
}

static rs_status node_rows(rs_file_at_hand *x, rs_error *err)
{
    rs_batch *batch = &x->part->batches[RS_DS_syntax_nodes];
    x->part->first_node = batch->n_rows;
    RS_ASSERT(x->tree.n_nodes > 0); /* the module */
    RS_TRY(rs_part_open(x->part, RS_DS_syntax_nodes, x->tree.n_nodes, err));
    RS_TRY(rs_batch_set_null(batch, RS_C_syntax_nodes_parent_id, batch->n_rows, err));
    nodes_copy(x);
    RS_TRY(rs_stop_check(x->stop, err));
    nodes_place(x);
    RS_TRY(rs_stop_check(x->stop, err));
    nodes_name(x);
    rs_part_close(x->part, RS_DS_syntax_nodes, x->tree.n_nodes);
    return RS_OK;
}

/* --- comments --- */

/* The innermost node around a text offset, from the last node that starts at or before it. */
static uint32_t node_around(const rs_tree *tree, uint32_t last, uint32_t at)
{
    while (last != 0 && tree->nodes[last].end_byte <= at) {
        last = tree->nodes[last].parent;
    }
    return last;
}

static void comment_rows(rs_file_at_hand *x)
{
    const rs_tree *tree = &x->tree;
    uint32_t last = 0;
    uint32_t line = 1;
    for (uint32_t i = 0; i < tree->n_comments; i++) {
        const rs_comment *comment = &tree->comments[i];
        while (last + 1 < tree->n_nodes &&
               tree->nodes[last + 1].start_byte <= comment->start_byte) {
            last++;
        }
        rs_comments_row row = rs_comments_row_new();
        uint32_t start = raw_of(x, comment->start_byte);
        uint32_t end = raw_of(x, comment->end_byte);
        rs_position from = rs_file_position(x, line, start);
        line = from.line;
        row.comment_id = id_of(x, tree->n_nodes + i);
        row.parent_id = id_of(x, node_around(tree, last, comment->start_byte));
        row.text = text_of(x, text_between(x, comment->start_byte, comment->end_byte));
        row.is_own_line = comment->is_own_line;
        row.start_byte = start;
        row.end_byte = end;
        row.start_line = (int32_t)from.line;
        row.start_column = (int32_t)from.column;
        row.end_column = (int32_t)(from.column + (end - start));
        ROW_PUSH(x, comments, &row);
    }
}

/* --- parse_errors --- */

/* One row; start and end are raw, region is a node's number or RS_NO_NODE. */
static void error_row(rs_file_at_hand *x, uint32_t number, rs_diagnostic_code code, rs_str message,
                      uint32_t start, uint32_t end, uint32_t region)
{
    rs_parse_errors_row row = rs_parse_errors_row_new();
    rs_position at = rs_file_position(x, 1, start);
    row.error_id = id_of(x, number);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.message = text_of(x, message);
    row.start_byte = start;
    row.end_byte = end;
    row.start_line = (int32_t)at.line;
    row.start_column = (int32_t)at.column;
    row.region_id = optional_id(x, region);
    ROW_PUSH(x, parse_errors, &row);
}

static bool lies_in_comment(const rs_tree *tree, size_t at)
{
    size_t low = 0;
    size_t high = tree->n_comments;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->comments[middle].end_byte <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < tree->n_comments && tree->comments[low].start_byte <= at;
}

/* CPython takes bytes that are no UTF-8 inside comments: no finding when there are only such. */
static bool finding_is_moot(const rs_file_at_hand *x, const rs_source_finding *finding)
{
    const rs_source *source = x->source;
    if (finding->code != RS_D_encoding_invalid || !source->comments_are_lenient ||
        x->tree.n_nodes == 0) {
        return false;
    }
    size_t end;
    for (size_t at = finding->start_byte; at < source->n_text; at = end) {
        at = rs_utf8_find_invalid(source->text, source->n_text, at, &end);
        if (at < source->n_text && !lies_in_comment(&x->tree, at)) {
            return false;
        }
        if (at >= source->n_text) {
            break;
        }
    }
    return true;
}

/* Rows for what the source and the parser found; returns how many. */
static uint32_t error_rows(rs_file_at_hand *x, uint32_t first_number)
{
    uint32_t n = 0;
    for (size_t i = 0; i < x->source->n_findings; i++) {
        const rs_source_finding *finding = &x->source->findings[i];
        if (!finding_is_moot(x, finding)) {
            error_row(x, first_number + n++, finding->code, rs_str_of(finding->message),
                      finding->start_byte, finding->end_byte, RS_NO_NODE);
        }
    }
    for (uint32_t i = 0; i < x->tree.n_faults; i++) {
        const rs_fault *fault = &x->tree.faults[i];
        rs_buf_reset(&x->scratch);
        rs_buf_addf(&x->scratch, "expected %s", fault->message);
        error_row(x, first_number + n++, fault->code, rs_buf_str(&x->scratch),
                  raw_of(x, fault->start_byte), raw_of(x, fault->end_byte), fault->error_node);
    }
    return n;
}

/* --- the file itself --- */

static void file_row(rs_file_at_hand *x, rs_w_parse_status status, uint32_t n_errors)
{
    const rs_source *source = x->source;
    const rs_repo_file *file = x->file;
    rs_repo_files_row row = rs_repo_files_row_new();
    row.file_id = file->file_id;
    row.path = text_of(x, file->display_path);
    if (source->sha256[0] != '\0') {
        row.sha256 = text_of(x, rs_str_of(source->sha256));
    }
    row.size_bytes = source->sha256[0] == '\0' ? file->size_bytes : (int64_t)source->n_raw;
    row.n_lines = (int32_t)x->lines->n_lines;
    if (source->encoding[0] != '\0') {
        row.encoding = text_of(x, rs_str_of(source->encoding));
    }
    row.has_bom = source->has_bom;
    row.newline = rs_word_of(source->newline);
    if (file->module.bytes != NULL) {
        row.module = text_of(x, file->module);
    }
    row.is_package = file->is_package;
    row.parse_status = rs_word_of(status);
    row.n_errors = (int32_t)n_errors;
    ROW_PUSH(x, repo_files, &row);
}

static void module_row(rs_file_at_hand *x)
{
    const rs_repo_file *file = x->file;
    rs_modules_row row = rs_modules_row_new();
    row.module_id = id_of(x, 0);
    if (file->module.bytes != NULL) {
        row.module = text_of(x, file->module);
    }
    if (file->package.bytes != NULL) {
        row.package = text_of(x, file->package);
    }
    row.module_kind = rs_word_of(file->module_kind);
    row.source_root = text_of(x, file->source_root);
    row.root_is_package = file->root_is_package;
    ROW_PUSH(x, modules, &row);
}

static rs_w_newline newline_at(const rs_file_at_hand *x, uint32_t end)
{
    const char *raw = x->source->raw;
    if (end == 0 || (raw[end - 1] != '\n' && raw[end - 1] != '\r')) {
        return RS_W_newline_NONE;
    }
    if (raw[end - 1] == '\r') {
        return RS_W_newline_CR;
    }
    return end > 1 && raw[end - 2] == '\r' ? RS_W_newline_CRLF : RS_W_newline_LF;
}

static void line_rows(rs_file_at_hand *x)
{
    const rs_line_index *lines = x->lines;
    size_t at = x->part->batches[RS_DS_line_index].n_rows;
    if (!rs_file_open_rows(x, RS_DS_line_index, lines->n_lines)) {
        return;
    }
    rs_line_index_columns of = rs_line_index_columns_of(x->part);
    for (uint32_t i = 0; i < lines->n_lines; i++, at++) {
        bool is_last = i + 1 == lines->n_lines;
        of.file_id[at] = x->file->file_id;
        of.line[at] = (int32_t)i + 1;
        of.start_byte[at] = lines->line_start[i];
        of.newline[at] =
            (uint8_t)(is_last ? RS_W_newline_NONE : newline_at(x, lines->line_start[i + 1]));
    }
    rs_part_close(x->part, RS_DS_line_index, lines->n_lines);
}

/* --- the whole --- */

static rs_status tree_rows(rs_file_at_hand *x, rs_error *err)
{
    RS_TRY(node_rows(x, err));
    node_notes_reset(&syntax_lens(x)->notes);
    if (!node_notes_reserve(&syntax_lens(x)->notes, x->tree.n_nodes)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    RS_TRY(rs_stop_check(x->stop, err));
    rs_syntax_rows(x);
    comment_rows(x);
    return rs_stop_check(x->stop, err);
}

static uint32_t inventory_rows(rs_file_at_hand *x)
{
    uint32_t n_errors = error_rows(x, x->next_number);
    rs_w_parse_status status = x->source->status;
    if (x->is_too_large) {
        bool is_over = x->is_over_memory;
        error_row(x, x->next_number + n_errors++,
                  is_over ? RS_D_file_over_memory : RS_D_file_too_many,
                  is_over ? RS_STR_LITERAL("at most a quarter of the memory of the run for a file")
                          : RS_STR_LITERAL("at most 2^24 nodes, comments and errors in a file"),
                  0, 0, RS_NO_NODE);
        status = RS_W_parse_status_skipped;
    } else if (status == RS_W_parse_status_ok && n_errors > 0) {
        status = RS_W_parse_status_damaged;
    } else if (status == RS_W_parse_status_undecoded && n_errors == 0) {
        status = RS_W_parse_status_ok;
    }
    file_row(x, status, n_errors);
    return n_errors;
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    if (rs_file_was_read(x)) {
        line_rows(x);
    }
    if (x->tree.n_nodes > 0) {
        RS_TRY(tree_rows(x, err));
        module_row(x);
    }
    x->next_number = x->tree.n_nodes + x->tree.n_comments;
    x->next_number += inventory_rows(x);
    return RS_OK;
}

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, sizeof(rs_syntax_lens));
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void worker_free(void *worker)
{
    rs_syntax_lens *lens = worker;
    node_notes_release(&lens->notes);
    global_names_release(&lens->globals);
    global_heads_release(&lens->heads);
    def_rows_release(&lens->defs);
    call_rows_release(&lens->calls);
    rs_free(lens);
}

static const rs_dataset_id gives[] = {
    RS_DS_repo_files, RS_DS_line_index, RS_DS_modules,      RS_DS_syntax_nodes, RS_DS_defs,
    RS_DS_params,     RS_DS_decorators, RS_DS_class_bases,  RS_DS_imports,      RS_DS_name_refs,
    RS_DS_attributes, RS_DS_calls,      RS_DS_args,         RS_DS_literals,     RS_DS_docstrings,
    RS_DS_comments,   RS_DS_type_exprs, RS_DS_parse_errors, RS_N_EVIDENCE,
};

const rs_lens rs_lens_syntax = {
    .name = "syntax",
    .doc = "The file itself, and what stands in its tree.",
    .version = 1,
    .gives = gives,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
};
