/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/syntax/syntax.h"

#include <stdlib.h>
#include <uninorm.h>

#include "evidence/syntax/syntax_impl.h"

/* --- small things --- */

void rs_syntax_set_null(rs_extractor *x, rs_dataset_id dataset, size_t column, size_t row)
{
    rs_status status = rs_batch_set_null(&x->part->batches[dataset], column, row, NULL);
    x->status = x->status == RS_OK ? status : x->status;
}

rs_str rs_syntax_name(rs_extractor *x, uint32_t start, uint32_t end)
{
    rs_str name = text_between(x, start, end);
    unsigned char high = 0;
    for (size_t i = 0; i < name.n_bytes; i++) {
        high |= (unsigned char)name.bytes[i];
    }
    if (high < 0x80) {
        return name;
    }
    size_t n_bytes = 0;
    uint8_t *normal =
        u8_normalize(UNINORM_NFKC, (const uint8_t *)name.bytes, name.n_bytes, NULL, &n_bytes);
    if (normal == NULL) {
        return name; /* no UTF-8: a finding says so */
    }
    rs_buf_reset(&x->normal);
    rs_buf_append(&x->normal, (const char *)normal, n_bytes);
    rs_free_foreign(normal);
    return x->normal.failed ? name : rs_buf_str(&x->normal);
}

uint32_t rs_syntax_string_repaired(rs_extractor *x, rs_str text)
{
    rs_buf *out = &x->repaired;
    rs_buf_reset(out);
    for (size_t at = 0; at < text.n_bytes;) {
        size_t end;
        size_t bad = rs_utf8_find_invalid(text.bytes, text.n_bytes, at, &end);
        rs_buf_append(out, text.bytes + at, bad - at);
        if (bad < text.n_bytes) {
            rs_buf_add(out, "\xef\xbf\xbd");
        }
        at = bad < text.n_bytes ? end : bad;
    }
    if (out->failed) {
        x->status = RS_ERR_NOMEM;
    }
    return rs_strings_add(&x->part->strings, rs_buf_str(out));
}

rs_position rs_syntax_position(const rs_extractor *x, uint32_t near_line, uint32_t raw_byte)
{
    rs_position at = rs_line_index_find_near(&x->lines, near_line, raw_byte);
    if (at.line == 1 && x->source->has_bom) {
        at.column -= at.column < 3 ? at.column : 3;
    }
    return at;
}

static rs_status reserve(rs_extractor *x, rs_dataset_id dataset, size_t n_rows, rs_error *err)
{
    return rs_batch_reserve(&x->part->batches[dataset], n_rows, err);
}

/* --- syntax_nodes --- */

/* Columns that are the tree's own fields, one after the other. */
static void nodes_copy(rs_extractor *x, size_t row)
{
    const rs_node *nodes = x->tree.nodes;
    uint32_t n = x->tree.n_nodes;
    int64_t *node_id = COLUMN(x, syntax_nodes, node_id).i64 + row;
    int64_t *parent_id = COLUMN(x, syntax_nodes, parent_id).i64 + row;
    uint8_t *ast_class = COLUMN(x, syntax_nodes, ast_class).u8 + row;
    uint8_t *kind = COLUMN(x, syntax_nodes, kind).u8 + row;
    uint8_t *field = COLUMN(x, syntax_nodes, field).u8 + row;
    int32_t *field_index = COLUMN(x, syntax_nodes, field_index).i32 + row;
    int32_t *n_subtree = COLUMN(x, syntax_nodes, n_subtree).i32 + row;
    uint8_t *context = COLUMN(x, syntax_nodes, context).u8 + row;
    int32_t *parens = COLUMN(x, syntax_nodes, parens).i32 + row;
    uint8_t *damaged = COLUMN(x, syntax_nodes, damaged).u8 + row;
    for (uint32_t i = 0; i < n; i++) {
        const rs_node *node = &nodes[i];
        node_id[i] = id_of(x, i);
        parent_id[i] = id_of(x, node->parent);
        ast_class[i] = node->ast_class;
        kind[i] = (uint8_t)rs_ast_class_kind((rs_ast_class)node->ast_class);
        field[i] = node->field;
        field_index[i] = (int32_t)node->order;
        n_subtree[i] = (int32_t)node->n_subtree;
        context[i] = node->context == RS_CONTEXT_NONE ? RS_ENUM_NULL : node->context;
        parens[i] = node->parens;
        damaged[i] = node->damaged;
    }
    parent_id[0] = 0;
    ROW_SET_NULL(x, syntax_nodes, parent_id, row);
}

/* Spans; starts come nearly sorted, so each line is looked for near the last. */
static void nodes_place(rs_extractor *x, size_t row)
{
    const rs_node *nodes = x->tree.nodes;
    int64_t *start_byte = COLUMN(x, syntax_nodes, start_byte).i64 + row;
    int64_t *end_byte = COLUMN(x, syntax_nodes, end_byte).i64 + row;
    int32_t *start_line = COLUMN(x, syntax_nodes, start_line).i32 + row;
    int32_t *start_column = COLUMN(x, syntax_nodes, start_column).i32 + row;
    int32_t *end_line = COLUMN(x, syntax_nodes, end_line).i32 + row;
    int32_t *end_column = COLUMN(x, syntax_nodes, end_column).i32 + row;
    uint32_t line = 1;
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        uint32_t start = raw_of(x, nodes[i].start_byte);
        uint32_t end = raw_of(x, nodes[i].end_byte);
        rs_position from = rs_syntax_position(x, line, start);
        rs_position to = rs_syntax_position(x, from.line, end);
        line = from.line;
        start_byte[i] = start;
        end_byte[i] = end;
        start_line[i] = (int32_t)from.line;
        start_column[i] = (int32_t)from.column;
        end_line[i] = (int32_t)to.line;
        end_column[i] = (int32_t)to.column;
    }
}

/* The identifier that each node carries; qualified names are filled with the definitions. */
static void nodes_name(rs_extractor *x, size_t row)
{
    uint32_t *name = COLUMN(x, syntax_nodes, name).str + row;
    uint32_t *qualified = COLUMN(x, syntax_nodes, qualified_name).str + row;
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        const rs_node *node = &x->tree.nodes[i];
        qualified[i] = RS_STR_NULL;
        if (node->name_end > node->name_start) {
            name[i] = string_number(x, rs_syntax_name(x, node->name_start, node->name_end));
        } else if (rs_ast_class_kind((rs_ast_class)node->ast_class) == RS_K_OPERATOR) {
            name[i] = string_number(x, rs_str_of(rs_ast_class_name((rs_ast_class)node->ast_class)));
        } else {
            name[i] = RS_STR_NULL;
        }
    }
    if (x->file->module.bytes != NULL) {
        name[0] = qualified[0] = string_number(x, x->file->module);
    }
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

static void comment_rows(rs_extractor *x)
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
        size_t row = ROW_ADD(x, comments);
        uint32_t start = raw_of(x, comment->start_byte);
        uint32_t end = raw_of(x, comment->end_byte);
        rs_position from = rs_syntax_position(x, line, start);
        line = from.line;
        COLUMN(x, comments, comment_id).i64[row] = id_of(x, tree->n_nodes + i);
        COLUMN(x, comments, parent_id).i64[row] =
            id_of(x, node_around(tree, last, comment->start_byte));
        COLUMN(x, comments, text).str[row] =
            string_number(x, text_between(x, comment->start_byte, comment->end_byte));
        COLUMN(x, comments, is_own_line).u8[row] = comment->is_own_line;
        COLUMN(x, comments, start_byte).i64[row] = start;
        COLUMN(x, comments, end_byte).i64[row] = end;
        COLUMN(x, comments, start_line).i32[row] = (int32_t)from.line;
        COLUMN(x, comments, start_column).i32[row] = (int32_t)from.column;
        COLUMN(x, comments, end_column).i32[row] = (int32_t)(from.column + (end - start));
    }
}

/* --- parse_errors --- */

/* One row; start and end are raw, region is a node's number or RS_NO_NODE. */
static void error_row(rs_extractor *x, uint32_t number, rs_diagnostic_code code, rs_str message,
                      uint32_t start, uint32_t end, uint32_t region)
{
    size_t row = ROW_ADD(x, parse_errors);
    rs_position at = rs_syntax_position(x, 1, start);
    COLUMN(x, parse_errors, error_id).i64[row] = id_of(x, number);
    COLUMN(x, parse_errors, code).u8[row] = (uint8_t)code;
    COLUMN(x, parse_errors, severity).u8[row] = (uint8_t)rs_diagnostic_get(code)->severity;
    COLUMN(x, parse_errors, message).str[row] = string_number(x, message);
    COLUMN(x, parse_errors, start_byte).i64[row] = start;
    COLUMN(x, parse_errors, end_byte).i64[row] = end;
    COLUMN(x, parse_errors, start_line).i32[row] = (int32_t)at.line;
    COLUMN(x, parse_errors, start_column).i32[row] = (int32_t)at.column;
    COLUMN(x, parse_errors, region_id).i64[row] = 0;
    if (region == RS_NO_NODE) {
        ROW_SET_NULL(x, parse_errors, region_id, row);
    } else {
        COLUMN(x, parse_errors, region_id).i64[row] = id_of(x, region);
    }
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
static bool finding_is_moot(const rs_extractor *x, const rs_source_finding *finding)
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
static uint32_t error_rows(rs_extractor *x, uint32_t first_number)
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

static void file_row(rs_extractor *x, rs_w_parse_status status, uint32_t n_errors)
{
    const rs_source *source = x->source;
    const rs_repo_file *file = x->file;
    size_t row = ROW_ADD(x, repo_files);
    COLUMN(x, repo_files, file_id).i64[row] = file->file_id;
    COLUMN(x, repo_files, path).str[row] = string_number(x, file->display_path);
    COLUMN(x, repo_files, sha256).str[row] =
        source->sha256[0] == '\0' ? RS_STR_NULL : string_number(x, rs_str_of(source->sha256));
    COLUMN(x, repo_files, size_bytes).i64[row] =
        source->sha256[0] == '\0' ? file->size_bytes : (int64_t)source->n_raw;
    COLUMN(x, repo_files, n_lines).i32[row] = (int32_t)x->lines.n_lines;
    COLUMN(x, repo_files, encoding).str[row] =
        source->encoding[0] == '\0' ? RS_STR_NULL : string_number(x, rs_str_of(source->encoding));
    COLUMN(x, repo_files, has_bom).u8[row] = source->has_bom;
    COLUMN(x, repo_files, newline).u8[row] = (uint8_t)source->newline;
    COLUMN(x, repo_files, module).str[row] =
        file->module.bytes == NULL ? RS_STR_NULL : string_number(x, file->module);
    COLUMN(x, repo_files, is_package).u8[row] = file->is_package;
    COLUMN(x, repo_files, parse_status).u8[row] = (uint8_t)status;
    COLUMN(x, repo_files, n_errors).i32[row] = (int32_t)n_errors;
}

static void module_row(rs_extractor *x)
{
    const rs_repo_file *file = x->file;
    size_t row = ROW_ADD(x, modules);
    COLUMN(x, modules, module_id).i64[row] = id_of(x, 0);
    COLUMN(x, modules, module).str[row] =
        file->module.bytes == NULL ? RS_STR_NULL : string_number(x, file->module);
    COLUMN(x, modules, package).str[row] =
        file->package.bytes == NULL ? RS_STR_NULL : string_number(x, file->package);
    COLUMN(x, modules, module_kind).u8[row] = (uint8_t)file->module_kind;
    COLUMN(x, modules, source_root).str[row] = string_number(x, file->source_root);
}

static rs_w_newline newline_at(const rs_extractor *x, uint32_t end)
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

static void line_rows(rs_extractor *x)
{
    for (uint32_t i = 0; i < x->lines.n_lines; i++) {
        size_t row = ROW_ADD(x, line_index);
        bool is_last = i + 1 == x->lines.n_lines;
        COLUMN(x, line_index, file_id).i64[row] = x->file->file_id;
        COLUMN(x, line_index, line).i32[row] = (int32_t)i + 1;
        COLUMN(x, line_index, start_byte).i64[row] = x->lines.line_start[i];
        COLUMN(x, line_index, newline).u8[row] =
            (uint8_t)(is_last ? RS_W_newline_NONE : newline_at(x, x->lines.line_start[i + 1]));
    }
}

/* --- the whole --- */

/* Room for every row that the tree can give, so that writing them cannot fail. */
static rs_status rows_reserve(rs_extractor *x, rs_error *err)
{
    const rs_tree *tree = &x->tree;
    size_t classes[RS_N_AST_CLASSES] = {0};
    size_t fields[RS_N_AST_FIELDS] = {0};
    for (uint32_t i = 0; i < tree->n_nodes; i++) {
        classes[tree->nodes[i].ast_class]++;
        fields[tree->nodes[i].field]++;
    }
    size_t n_defs = classes[RS_AST_FunctionDef] + classes[RS_AST_AsyncFunctionDef] +
                    classes[RS_AST_ClassDef] + classes[RS_AST_Lambda];
    size_t n_types = fields[RS_F_annotation] + fields[RS_F_returns] + fields[RS_F_bound] +
                     fields[RS_F_default_value] + classes[RS_AST_TypeAlias];
    const struct {
        rs_dataset_id dataset;
        size_t n_rows;
    } room[] = {
        {RS_DS_syntax_nodes, tree->n_nodes},
        {RS_DS_defs, n_defs},
        {RS_DS_params, classes[RS_AST_arg]},
        {RS_DS_decorators, fields[RS_F_decorator_list]},
        {RS_DS_class_bases, fields[RS_F_bases] + fields[RS_F_keywords]},
        {RS_DS_imports, classes[RS_AST_alias]},
        {RS_DS_name_refs, classes[RS_AST_Name]},
        {RS_DS_attributes, classes[RS_AST_Attribute]},
        {RS_DS_calls, classes[RS_AST_Call]},
        {RS_DS_args, fields[RS_F_args] + fields[RS_F_keywords]},
        {RS_DS_literals,
         classes[RS_AST_Constant] + classes[RS_AST_JoinedStr] + classes[RS_AST_TemplateStr]},
        {RS_DS_docstrings, n_defs + 1},
        {RS_DS_comments, tree->n_comments},
        {RS_DS_type_exprs, n_types},
    };
    for (size_t i = 0; i < sizeof room / sizeof room[0]; i++) {
        RS_TRY(reserve(x, room[i].dataset, room[i].n_rows, err));
    }
    return RS_OK;
}

static rs_status tree_rows(rs_extractor *x, rs_error *err)
{
    RS_TRY(rows_reserve(x, err));
    size_t row = x->part->batches[RS_DS_syntax_nodes].n_rows;
    x->part->batches[RS_DS_syntax_nodes].n_rows += x->tree.n_nodes;
    nodes_copy(x, row);
    nodes_place(x, row);
    nodes_name(x, row);
    node_notes_reset(&x->notes);
    if (!node_notes_reserve(&x->notes, x->tree.n_nodes)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    rs_syntax_rows(x);
    comment_rows(x);
    return RS_OK;
}

/* Parse the text, unless it has more entities than ids can number. */
static rs_status text_parse(rs_extractor *x, bool *is_over, rs_error *err)
{
    const rs_source *source = x->source;
    RS_TRY(rs_parse(x->parser, source->text, source->text_start, source->n_text, &x->tree, err));
    uint64_t n_entities =
        (uint64_t)x->tree.n_nodes + x->tree.n_comments + x->tree.n_faults + RS_SOURCE_MAX_FINDINGS;
    *is_over = n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS;
    if (*is_over) {
        x->tree.n_nodes = x->tree.n_comments = x->tree.n_faults = 0;
    }
    return RS_OK;
}

static rs_status extract(rs_extractor *x, rs_error *err)
{
    const rs_source *source = x->source;
    bool was_read = source->sha256[0] != '\0';
    bool is_over = false;
    x->tree = (rs_tree){0};
    RS_TRY(rs_line_index_build(&x->lines, source->raw, was_read ? source->n_raw : 0, err));
    if (was_read) {
        RS_TRY(text_parse(x, &is_over, err));
        RS_TRY(reserve(x, RS_DS_line_index, x->lines.n_lines, err));
        line_rows(x);
    }
    RS_TRY(reserve(x, RS_DS_repo_files, 1, err));
    RS_TRY(reserve(x, RS_DS_modules, 1, err));
    RS_TRY(reserve(x, RS_DS_parse_errors, source->n_findings + x->tree.n_faults + 1, err));
    if (x->tree.n_nodes > 0) {
        RS_TRY(tree_rows(x, err));
        module_row(x);
    }
    uint32_t n_errors = error_rows(x, x->tree.n_nodes + x->tree.n_comments);
    rs_w_parse_status status = source->status;
    if (is_over) {
        error_row(x, n_errors++, RS_D_file_too_many,
                  RS_STR_LITERAL("at most 2^24 nodes, comments and errors in a file"), 0, 0,
                  RS_NO_NODE);
        status = RS_W_parse_status_skipped;
    } else if (status == RS_W_parse_status_ok && n_errors > 0) {
        status = RS_W_parse_status_damaged;
    } else if (status == RS_W_parse_status_undecoded && n_errors == 0) {
        status = RS_W_parse_status_ok;
    }
    file_row(x, status, n_errors);
    uint32_t number = x->tree.n_nodes + x->tree.n_comments + n_errors;
    uint32_t first_scope = number;
    bool has_names = x->tree.n_nodes > 0 && x->extent != RS_EXTENT_SYNTAX;
    if (has_names && x->status == RS_OK) {
        RS_TRY(rs_scope_extract(x, &number, err));
    }
    if (has_names && x->extent != RS_EXTENT_SCOPE && x->status == RS_OK) {
        RS_TRY(rs_flow_extract(x, first_scope, &number, err));
    }
    if (x->status == RS_OK) {
        RS_TRY(rs_scip_extract(x, number, err));
    }
    return x->status;
}

rs_status rs_extract_file(rs_extractor *extractor, const rs_repo_file *file,
                          const rs_source *source, rs_part *part, rs_error *err)
{
    rs_extractor *x = extractor;
    x->file = file;
    x->source = source;
    x->part = part;
    x->base = rs_entity_id(file->file_id, 0);
    x->status = RS_OK;
    rs_status status = extract(x, err);
    if (status == RS_OK && (part->strings.failed || x->scratch.failed)) {
        status = rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    return status;
}

rs_status rs_extractor_new(rs_extractor **out, rs_error *err)
{
    *out = rs_alloc_zero(1, sizeof **out);
    if (*out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "new extractor: out of memory");
    }
    rs_status status = rs_parser_new(&(*out)->parser, err);
    if (status != RS_OK) {
        rs_extractor_free(*out);
        *out = NULL;
    }
    return status;
}

void rs_extractor_use_scip(rs_extractor *extractor, const rs_scip_index *index,
                           rs_scip_links *links)
{
    extractor->scip = index;
    extractor->scip_links = links;
}

void rs_extractor_set_extent(rs_extractor *extractor, rs_extent extent)
{
    extractor->extent = extent;
}

void rs_extractor_free(rs_extractor *extractor)
{
    rs_extractor *x = extractor;
    if (x == NULL) {
        return;
    }
    rs_parser_free(x->parser);
    rs_line_index_release(&x->lines);
    node_notes_release(&x->notes);
    global_names_release(&x->globals);
    rs_buf_release(&x->scratch);
    rs_buf_release(&x->normal);
    rs_buf_release(&x->repaired);
    rs_scope_lens_release(&x->scope);
    rs_scip_reader_release(&x->scip_reader);
    rs_flow_lens_release(&x->flow);
    rs_free(x);
}
