/* SPDX-License-Identifier: Apache-2.0 */
/* The size of code that the flow lens takes, and what it says of more; where exceptions go. */
#include "evidence/extract.h"
#include "unit/unit.h"

typedef struct size_case {
    const char *label;
    const char *head;
    const char *line; /* repeated */
    int n_lines;
    const char *tail;
    const char *what;  /* in the diagnostic; NULL for none */
    size_t n_reaching; /* rows of reaching_defs */
} size_case;

static const size_case size_cases[] = {
    {"many definitions, each killed", "def f(a):\n", "    x = a\n    g(x)\n", 10000, "", NULL,
     20000},
    {"many definitions that reach a use", "def f(a):\n", "    if a: x = 1\n", 5000,
     "    return x\n", NULL, 10000},
    {"many definitions behind a try", "try: pass\nexcept E: pass\n", "x = f(x)\n", 5000, "", NULL,
     4999},
    {"a long condition", "x = a", " and b", 20000, "\n", NULL, 0},
    {"definitions times uses", "def f(a, x):\n", "    if a: x = 1\n    g(x)\n", 4000, "",
     "so many definitions of the variable", 4000}, /* those of `a` */
};

static rs_status extract(const char *text, size_t n_bytes, rs_part *part, rs_error *err)
{
    rs_source source = {0};
    rs_extractor *extractor = NULL;
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    rs_status status = rs_part_init(part, err);
    if (status == RS_OK) {
        status = rs_source_decode(&source, text, n_bytes, err);
    }
    if (status == RS_OK) {
        status = rs_extractor_new(NULL, &extractor, err);
    }
    if (status == RS_OK) {
        status = rs_extract_file(extractor, &file, &source, part, NULL, err);
    }
    rs_extractor_free(extractor);
    rs_source_release(&source);
    return status;
}

static const char *message(const rs_part *part)
{
    const rs_batch *batch = &part->batches[RS_DS_flow_diagnostics];
    if (batch->n_rows == 0) {
        return NULL;
    }
    return part->strings.items[batch->columns[RS_C_flow_diagnostics_message].values.str[0]].bytes;
}

static void sizes_are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(size_cases); i++) {
        const size_case *c = &size_cases[i];
        rs_buf text = {0};
        rs_part part;
        rs_error err = {0};
        rs_buf_add(&text, c->head);
        for (int line = 0; line < c->n_lines; line++) {
            rs_buf_add(&text, c->line);
        }
        rs_buf_add(&text, c->tail);
        assert_int_equal(extract(rs_buf_text(&text), text.n_bytes, &part, &err), RS_OK);
        const char *got = message(&part);
        size_t n_rows = part.batches[RS_DS_reaching_defs].n_rows;
        UNIT_CHECK(n_rows == c->n_reaching, "%s: %zu rows", c->label, n_rows);
        UNIT_CHECK((got == NULL) == (c->what == NULL) &&
                       (got == NULL || strstr(got, c->what) != NULL),
                   "%s: %s", c->label, got == NULL ? "no diagnostic" : got);
        rs_buf_release(&text);
        rs_part_release(&part);
    }
}

/* A finally body in a finally body is laid out for each way into both. */
static void nested_finally_is_given_up(void **state)
{
    (void)state;
    rs_buf text = {0};
    rs_part part;
    rs_error err = {0};
    rs_buf_add(&text, "def f(x):\n");
    for (int depth = 1; depth < 40; depth += 3) {
        rs_buf_addf(&text, "%*swhile x:\n%*stry: return x\n%*sfinally:\n%*stry:\n", depth, "",
                    depth + 1, "", depth + 1, "", depth + 2, "");
        rs_buf_addf(&text, "%*sif x: continue\n%*sif y: break\n%*sreturn y\n%*sfinally:\n",
                    depth + 3, "", depth + 3, "", depth + 3, "", depth + 2, "");
    }
    rs_buf_addf(&text, "%*sg(x)\ndef small(): pass\n", 43, "");
    assert_int_equal(extract(rs_buf_text(&text), text.n_bytes, &part, &err), RS_OK);
    assert_int_equal(part.batches[RS_DS_parse_errors].n_rows, 0);
    assert_int_equal(part.batches[RS_DS_flow_diagnostics].n_rows, 1);
    assert_non_null(strstr(message(&part), "too many elements"));
    const int64_t *scopes =
        part.batches[RS_DS_cfg_blocks].columns[RS_C_cfg_blocks_scope_id].values.i64;
    assert_true(part.batches[RS_DS_cfg_blocks].n_rows == 4 && scopes[0] != scopes[2]);
    rs_buf_release(&text);
    rs_part_release(&part);
}

/* --- the ways of exceptions: "eval eval ^handler; store; delete" --- */

static const char *word(rs_dataset_id dataset, size_t column, const rs_part *part, size_t row)
{
    const rs_batch *batch = &part->batches[dataset];
    return batch->dataset->columns[column].words->words[batch->columns[column].values.u8[row]];
}

static const int64_t *ids(rs_dataset_id dataset, size_t column, const rs_part *part)
{
    return part->batches[dataset].columns[column].values.i64;
}

/* What kind of block an exception of this one goes to; NULL: out of the scope, or there is none. */
static const char *exception_kind(const rs_part *part, int64_t block)
{
    const int64_t *blocks = ids(RS_DS_cfg_blocks, RS_C_cfg_blocks_block_id, part);
    const int64_t *src = ids(RS_DS_cfg_edges, RS_C_cfg_edges_src_block_id, part);
    const int64_t *dst = ids(RS_DS_cfg_edges, RS_C_cfg_edges_dst_block_id, part);
    for (size_t e = 0; e < part->batches[RS_DS_cfg_edges].n_rows; e++) {
        const char *kind = word(RS_DS_cfg_edges, RS_C_cfg_edges_kind, part, e);
        for (size_t b = 0; src[e] == block && strcmp(kind, "exception") == 0; b++) {
            if (blocks[b] == dst[e]) {
                return word(RS_DS_cfg_blocks, RS_C_cfg_blocks_block_kind, part, b);
            }
        }
    }
    return NULL;
}

/* What each block of the functions does, and where an exception goes from it. */
static void ways_text(const rs_part *part, rs_buf *out)
{
    const int64_t *scopes = ids(RS_DS_cfg_blocks, RS_C_cfg_blocks_scope_id, part);
    const int64_t *blocks = ids(RS_DS_cfg_blocks, RS_C_cfg_blocks_block_id, part);
    const int64_t *of = ids(RS_DS_cfg_elements, RS_C_cfg_elements_block_id, part);
    size_t n_elements = part->batches[RS_DS_cfg_elements].n_rows;
    for (size_t b = 0; b < part->batches[RS_DS_cfg_blocks].n_rows; b++) {
        const char *between = "; ";
        for (size_t e = 0; e < n_elements && scopes[b] != scopes[0]; e++) {
            if (of[e] == blocks[b]) {
                rs_buf_add(out, out->n_bytes == 0 ? "" : between);
                rs_buf_add(out, word(RS_DS_cfg_elements, RS_C_cfg_elements_action, part, e));
                between = " ";
            }
        }
        const char *kind = scopes[b] == scopes[0] ? NULL : exception_kind(part, blocks[b]);
        rs_buf_addf(out, "%s%s", kind == NULL ? "" : " ^", kind == NULL ? "" : kind);
    }
}

typedef struct way_case {
    const char *label;
    const char *source;
    const char *want;
} way_case;

/* What a jump runs on its way out of a statement is no longer under that statement's protection. */
static const way_case way_cases[] = {
    {"the end of a named except", "def f():\n try: g()\n except E as e: h()\n i()\n",
     "pass; eval eval ^handler; eval match; store; eval eval ^cleanup; delete; delete; eval eval"},
    {"return in a named except", "def f():\n try: g()\n except E as e: return h()\n",
     "pass; eval eval ^handler; eval match; store; eval eval jump ^cleanup; delete; delete"},
    {"the end of a with", "def f():\n with g(): h()\n i()\n",
     "eval eval enter; eval eval ^cleanup; exit; exit; eval eval"},
    {"return in a with", "def f():\n with g(): return h()\n",
     "eval eval enter; eval eval jump ^cleanup; exit; exit"},
    {"break in a with in a named except",
     "def f():\n while a:\n  try: g()\n  except E as e:\n   with h(): break\n",
     "eval; pass; eval eval ^handler; eval match; store; eval eval enter ^cleanup; jump; "
     "exit ^cleanup; delete; delete"},
};

/* The names that a pattern binds are stored where it has matched, of alternatives each its own. */
static const way_case store_cases[] = {
    {"a name in each alternative", "def f(x):\n match x:\n  case (1 as a) | (2 as a): pass\n",
     "store eval eval match; store; eval match; store; pass"},
    {"alternatives in a sequence", "def f(x):\n match x:\n  case [(1 as a) | (2 as a), b]: pass\n",
     "store eval match; eval match; store; eval match; store; match store; pass"},
};

/* Unpacking fails unless it is plain how many values there are. */
static const way_case unpack_cases[] = {
    {"of a name", "def f(a):\n try: b, c = a\n except E: pass\n",
     "store pass; eval store store store ^handler; eval match; pass"},
    {"of a tuple", "def f(a):\n try: b, c = a, a\n except E: pass\n",
     "store pass; eval eval eval store store store; eval match; pass"},
    {"of a tuple that is too short", "def f(a):\n try: b, c = a,\n except E: pass\n",
     "store pass; eval eval store store store ^handler; eval match; pass"},
};

/* A read fails where its variable may have no value, and then what else the handler finds may have none. */
static const way_case read_cases[] = {
    {"of what has a value", "def f(a):\n b = a\n try: b\n except E: pass\n",
     "store eval store pass; eval; eval match; pass"},
    {"of what has none", "def f():\n try: b\n except E: pass\n b = 1\n",
     "pass; eval ^handler; eval match; pass; eval store"},
    {"of what has one on some ways", "def f(a):\n if a: b = 1\n try: b\n except E: pass\n",
     "store eval; eval store; pass; eval ^handler; eval match; pass"},
    {"of what another read leaves without",
     "def f():\n try: a; b = 1\n except E: pass\n try: b; c = 1\n except E: pass\n"
     " try: c\n except E: pass\n a = 1\n",
     "pass; eval eval store ^handler; eval match; pass; pass; eval eval store ^handler; eval "
     "match; "
     "pass; pass; eval ^handler; eval match; pass; eval store"},
};

static void check_ways(const way_case *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        const way_case *c = &cases[i];
        rs_buf got = {0};
        rs_part part;
        rs_error err = {0};
        assert_int_equal(extract(c->source, strlen(c->source), &part, &err), RS_OK);
        ways_text(&part, &got);
        UNIT_CHECK(strcmp(rs_buf_text(&got), c->want) == 0, "%s: %s", c->label, rs_buf_text(&got));
        rs_buf_release(&got);
        rs_part_release(&part);
    }
}

static void jumps_leave_protection(void **state)
{
    (void)state;
    check_ways(way_cases, UNIT_COUNT(way_cases));
}

static void unpacking_may_fail(void **state)
{
    (void)state;
    check_ways(unpack_cases, UNIT_COUNT(unpack_cases));
}

static void alternatives_store_their_own(void **state)
{
    (void)state;
    check_ways(store_cases, UNIT_COUNT(store_cases));
}

static void reads_may_fail(void **state)
{
    (void)state;
    check_ways(read_cases, UNIT_COUNT(read_cases));
}

/* Each read is one that may fail because the one before is: a scope is not built for each of them. */
static void reads_in_a_row_are_taken(void **state)
{
    (void)state;
    enum { N_READS = 2000 };
    rs_buf text = {0};
    rs_part part;
    rs_error err = {0};
    rs_buf_add(&text, "def f():\n");
    for (int i = 0; i < N_READS; i++) {
        rs_buf_addf(&text, " try: a%d; a%d = 1\n except E: pass\n", i, i + 1);
    }
    rs_buf_add(&text, " a0 = 1\n");
    assert_int_equal(extract(rs_buf_text(&text), text.n_bytes, &part, &err), RS_OK);
    const rs_batch *batch = &part.batches[RS_DS_cfg_edges];
    size_t n_caught = 0;
    for (size_t e = 0; e < batch->n_rows; e++) {
        n_caught += strcmp(word(RS_DS_cfg_edges, RS_C_cfg_edges_kind, &part, e), "exception") == 0;
    }
    assert_int_equal(n_caught, N_READS);
    rs_buf_release(&text);
    rs_part_release(&part);
}

static rs_status sweep(void *context)
{
    rs_part part;
    rs_error err = {0};
    rs_status status = extract(context, strlen(context), &part, &err);
    rs_part_release(&part);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    char source[] = "def f(a):\n for x in a:\n  try: y = x\n  except E as e: return y, e\n"
                    "  finally: a = [i for i in y if i]\n return a, x\n"
                    "def g():\n try: b; c = 1\n except E: c\n b = 1\n";
    UNIT_SWEEP(sweep, source);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(sizes_are_taken),
    cmocka_unit_test(nested_finally_is_given_up),
    cmocka_unit_test(jumps_leave_protection),
    cmocka_unit_test(unpacking_may_fail),
    cmocka_unit_test(alternatives_store_their_own),
    cmocka_unit_test(reads_may_fail),
    cmocka_unit_test(reads_in_a_row_are_taken),
    cmocka_unit_test(allocations_may_fail),
};

UNIT_TESTS(flow, tests)
