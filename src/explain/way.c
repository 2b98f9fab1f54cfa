/* SPDX-License-Identifier: Apache-2.0 */
#include "explain/way.h"

#include "explain/sql_texts.h"

enum { MAX_PARTS = 16, MAX_LINKS = 64, MAX_SEARCHED = 32 };

/* A node that carries a name, and the name's first byte in it. */
typedef struct name_at {
    int64_t node_id;
    int64_t start_byte;
} name_at;

/* The bindings that a name may lead to, as `name_targets` lists them. */
typedef struct link_set {
    int64_t node_id; /* of the name */
    rs_explain_rows rows;
    rs_explain_rows
        modules; /* that the imports among them lead to, and the name's own where it is one */
    size_t from[MAX_LINKS]; /* the link before, NONE for the name itself */
    bool is_met[MAX_LINKS];
    size_t queue[MAX_LINKS];
    size_t n_queue;
} link_set;

static const size_t NONE = SIZE_MAX; /* no link */

static rs_explain_way *new_way(rs_explainer *self)
{
    rs_explain_way *way = rs_explain_new(self, 1, sizeof *way);
    if (way != NULL) {
        way->status = "";
        way->reason = "";
    }
    return way;
}

/* --- steps --- */

static bool is_module(const rs_explain_node *node)
{
    return strcmp(rs_explain_text(&node->row, "kind"), "MODULE") == 0;
}

static void add_step(rs_explainer *self, rs_explain_way *way, const rs_explain_step *step)
{
    way->steps = rs_explain_grow(self, way->steps, way->n_steps, sizeof *way->steps);
    if (way->steps == NULL) {
        way->n_steps = 0;
        return;
    }
    way->steps[way->n_steps++] = *step;
}

static void add_name_step(rs_explainer *self, rs_explain_way *way, const rs_explain_row *status,
                          const name_at *name)
{
    rs_explain_step step = {.how = "name", .external = ""};
    step.node = rs_explain_node_get(self, name->node_id);
    step.place = rs_explain_place_get(self, rs_explain_file_of_id(name->node_id), name->start_byte,
                                      rs_explain_i64(status, "end_byte", -1));
    add_step(self, way, &step);
}

static void add_link_step(rs_explainer *self, rs_explain_way *way, const link_set *links, size_t i)
{
    const rs_explain_row *row = &links->rows.items[i];
    int64_t target = rs_explain_i64(row, "target_id", -1);
    rs_explain_step step = {.how = rs_explain_text(row, "how"),
                            .external = rs_explain_text(row, "external")};
    if (target >= 0) {
        step.node = rs_explain_node_get(self, target);
        step.place = step.node.place;
    }
    if (is_module(&step.node)) {
        step.place.start_byte = -1; /* its first line says nothing of it */
    }
    if (strcmp(rs_explain_text(&step.node.row, "name"), "*") == 0) {
        step.how = "star";
    }
    add_step(self, way, &step);
}

/* --- from link to link --- */

static bool is_how(const rs_explain_row *row, const char *how)
{
    return strcmp(rs_explain_text(row, "how"), how) == 0;
}

static bool is_import(const link_set *links, int64_t id)
{
    bool is_found = false;
    for (size_t i = 0; i < links->modules.n_items && !is_found; i++) {
        is_found = rs_explain_i64(&links->modules.items[i], "import_id", -1) == id;
    }
    return is_found;
}

/* An import leads to what lies in the file of a module that it names. */
static bool import_leads(const link_set *links, int64_t id, const rs_explain_row *to)
{
    int64_t file = rs_explain_i64(to, "target_file", -1);
    bool is_found = false;
    for (size_t i = 0; i < links->modules.n_items && !is_found; i++) {
        const rs_explain_row *module = &links->modules.items[i];
        is_found = rs_explain_i64(module, "import_id", -1) == id &&
                   rs_explain_i64(module, "target_file", -1) == file;
    }
    return is_found;
}

/* From a link, or from the name itself, to a link. */
static bool leads(const link_set *links, size_t from, size_t to)
{
    const rs_explain_row *row = &links->rows.items[to];
    int64_t id =
        from == NONE ? links->node_id : rs_explain_i64(&links->rows.items[from], "target_id", -1);
    bool is_alias = is_how(row, "alias");
    if (is_import(links, id)) {
        return !is_alias && import_leads(links, id, row);
    }
    return from != NONE ? is_alias && to > from : !is_alias && !is_how(row, "import");
}

static void meet(link_set *links, size_t from)
{
    for (size_t i = 0; i < links->rows.n_items; i++) {
        if (!links->is_met[i] && leads(links, from, i)) {
            links->is_met[i] = true;
            links->from[i] = from;
            links->queue[links->n_queue++] = i;
        }
    }
}

/* The shortest ways to all that can be reached. */
static void search_links(link_set *links)
{
    meet(links, NONE);
    for (size_t i = 0; i < links->n_queue; i++) {
        meet(links, links->queue[i]);
    }
}

static rs_explain_rows modules_of(rs_explainer *self, const rs_explain_rows *rows, int64_t node_id)
{
    rs_explain_rows of = {0};
    rs_param *own = rs_explain_new(self, 1, sizeof *own);
    static const char *const names[] = {"target_id"};
    for (size_t i = 0; i < rows->n_items; i++) {
        rs_explain_rows_push(self, &of, rows->items[i]);
    }
    if (own == NULL) {
        return of;
    }
    *own = rs_explain_i64_of(node_id);
    rs_explain_rows_push(self, &of, (rs_explain_row){names, own, 1});
    const rs_explain_ask ask = {.statement = &rs_sql_explain_modules_of_imports,
                                .args = {rs_explain_one_of(self, "imports", &of, "target_id")}};
    rs_explain_add_stored(self, "module_imports");
    return rs_explain_query(self, &ask);
}

static void load_links(rs_explainer *self, const name_at *name, link_set *links)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_targets_of_name,
        .params = {rs_explain_i64_of(name->node_id), rs_explain_i64_of(name->start_byte)}};
    rs_explain_add_stored(self, "name_targets");
    links->node_id = name->node_id;
    links->rows = rs_explain_query(self, &ask);
    links->modules = modules_of(self, &links->rows, name->node_id);
    RS_ASSERT(links->rows.n_items <= MAX_LINKS);
    search_links(links);
}

/* What the name should lead to: the row of target_id, or the likeliest. NONE: nothing. */
static size_t find_goal(const link_set *links, int64_t target_id)
{
    size_t goal = NONE;
    for (size_t i = links->rows.n_items; i-- > 0;) {
        const rs_explain_row *row = &links->rows.items[i];
        const rs_param *is_final = rs_explain_value(row, "is_final");
        if (target_id < 0 ? !is_final->is_null && is_final->value.boolean
                          : rs_explain_i64(row, "target_id", -1) == target_id) {
            goal = i;
        }
    }
    return goal;
}

/* The links up to one of them; without a way to it, all that stand before it. */
static void add_links(rs_explainer *self, rs_explain_way *way, const link_set *links, size_t last)
{
    size_t path[MAX_LINKS];
    size_t n_path = 0;
    if (links->is_met[last]) {
        for (size_t i = last; i != NONE && n_path < MAX_LINKS; i = links->from[i]) {
            path[n_path++] = i;
        }
    } else {
        for (size_t i = last + 1; i-- > 0;) {
            path[n_path++] = i;
        }
    }
    way->n_links += n_path - 1;
    while (n_path > 0) {
        add_link_step(self, way, links, path[--n_path]);
    }
}

/* --- the link that is missing --- */

static void add_searched(rs_explainer *self, rs_explain_way *way, const char *module, int64_t file,
                         const char *verdict)
{
    way->searched = rs_explain_grow(self, way->searched, way->n_searched, sizeof *way->searched);
    if (way->searched == NULL) {
        way->n_searched = 0;
        return;
    }
    way->searched[way->n_searched++] =
        (rs_explain_searched){module, rs_explain_place_get(self, file, -1, -1), verdict};
}

/* Why a module does not give the name away. */
static void add_verdict(rs_explainer *self, rs_explain_way *way, const rs_explain_row *module,
                        const char *name, bool is_star)
{
    int64_t file = rs_explain_i64(module, "target_file", -1);
    const rs_explain_ask ask = {.statement = &rs_sql_explain_module_variable,
                                .params = {rs_explain_i64_of(file), rs_explain_text_of(name)}};
    const char *dotted = rs_explain_text(module, "name");
    if (file < 0) {
        add_searched(self, way, dotted, file, "it is no file of the repository");
        return;
    }
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    const char *verdict = row.n_columns == 0 ? "binds no %s"
                          : !is_star         ? "binds %s, but does not have it when it ends"
                          : name[0] == '_'   ? "binds %s, but a star brings no name that begins so"
                                             : "binds %s, but `__all__` leaves it out";
    const char *at = strstr(verdict, "%s");
    verdict = rs_explain_textf(self, "%.*s%s%s", (int)(at - verdict), verdict, name, at + 2);
    add_searched(self, way, dotted, file, verdict);
    if (row.n_columns > 0) {
        way->searched[way->n_searched - 1].place =
            rs_explain_node_get(self, rs_explain_i64(&row, "site_id", -1)).place;
    }
}

static bool is_listed(const rs_explain_rows *rows, const rs_explain_row *row)
{
    bool is_found = false;
    for (size_t i = 0; i < rows->n_items && !is_found; i++) {
        is_found =
            strcmp(rs_explain_text(&rows->items[i], "name"), rs_explain_text(row, "name")) == 0;
    }
    return is_found;
}

/* A module and those whose stars it takes, star by star. */
static void search_modules(rs_explainer *self, rs_explain_way *way, const rs_explain_row *module,
                           const char *name)
{
    rs_explain_rows all = {0};
    rs_explain_add_stored(self, "bindings");
    rs_explain_add_stored(self, "scopes");
    rs_explain_add_stored(self, "imports");
    rs_explain_rows_push(self, &all, *module);
    for (size_t i = 0; i < all.n_items && i < MAX_SEARCHED && rs_explain_is_ok(self); i++) {
        int64_t file = rs_explain_i64(&all.items[i], "target_file", -1);
        const rs_explain_ask ask = {.statement = &rs_sql_explain_stars_of_module,
                                    .params = {rs_explain_i64_of(file)}};
        add_verdict(self, way, &all.items[i], name, i > 0);
        const rs_explain_rows stars = rs_explain_query(self, &ask);
        for (size_t n = 0; n < stars.n_items; n++) {
            if (!is_listed(&all, &stars.items[n])) {
                rs_explain_rows_push(self, &all, stars.items[n]);
            }
        }
    }
}

/* What an import that leads to nothing lacks: its module, or the name in it. */
static void add_missing_of_import(rs_explainer *self, rs_explain_way *way, const link_set *links,
                                  int64_t id)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_import,
                                .params = {rs_explain_i64_of(id)}};
    const rs_explain_row *module = NULL;
    rs_explain_add_stored(self, "imports");
    const rs_explain_row import = rs_explain_query_row(self, &ask);
    for (size_t i = 0; i < links->modules.n_items; i++) {
        const rs_explain_row *row = &links->modules.items[i];
        bool is_whole =
            module != NULL && strcmp(rs_explain_text(module, "status"), "resolved") != 0;
        if (rs_explain_i64(row, "import_id", -1) == id && !is_whole) {
            module = row;
        }
    }
    if (module == NULL || import.n_columns == 0) {
        return;
    }
    const char *dotted = rs_explain_text(module, "name");
    const char *name = rs_explain_text(&import, "name");
    bool is_from =
        !rs_explain_value(&import, "module")->is_null || rs_explain_i64(&import, "level", 0) > 0;
    if (strcmp(rs_explain_text(module, "status"), "resolved") != 0) {
        way->missing = rs_explain_textf(self, "there is no module %s", dotted);
    } else if (is_from && strcmp(name, "*") != 0) {
        way->missing = rs_explain_textf(self, "%s has no %s", dotted, name);
        search_modules(self, way, module, name);
    }
}

/* What stands before the dot is a module, which has no such name. */
static void add_missing_of_module(rs_explainer *self, rs_explain_way *way, const char *name)
{
    static const char *const columns[] = {"name", "target_file"};
    const rs_explain_step *value = way->n_steps > 1 ? &way->steps[way->n_steps - 2] : NULL;
    bool is_module =
        value != NULL && strcmp(rs_explain_text(&value->node.row, "kind"), "MODULE") == 0;
    rs_param *values = rs_explain_new(self, 2, sizeof *values);
    if (!is_module || values == NULL) {
        return;
    }
    values[0] = rs_explain_text_of(rs_explain_text(&value->node.row, "qualified_name"));
    values[1] = rs_explain_i64_of(
        rs_explain_file_of_id(rs_explain_i64(&value->node.row, "node_id", RS_EXPLAIN_RUN)));
    way->missing = rs_explain_textf(self, "%s has no %s", values[0].value.text.bytes, name);
    search_modules(self, way, &(rs_explain_row){columns, values, 2}, name);
}

static void add_missing(rs_explainer *self, rs_explain_way *way, const link_set *links)
{
    size_t last = links->n_queue > 0 ? links->queue[links->n_queue - 1] : NONE;
    int64_t id = links->node_id;
    if (last != NONE) {
        add_links(self, way, links, last);
        id = rs_explain_i64(&links->rows.items[last], "target_id", -1);
    }
    if (is_import(links, id)) {
        add_missing_of_import(self, way, links, id);
    } else if (last == NONE && way->n_steps > 0) {
        add_missing_of_module(self, way,
                              rs_explain_text(&way->steps[way->n_steps - 1].node.row, "name"));
    }
}

/* --- the way --- */

/* One name of a dotted one; false where it leads nowhere. */
static bool add_part(rs_explainer *self, rs_explain_way *way, const name_at *name,
                     int64_t target_id)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_status_of_name,
        .params = {rs_explain_i64_of(name->node_id), rs_explain_i64_of(name->start_byte)}};
    link_set links = {0};
    rs_explain_add_stored(self, "reference_statuses");
    const rs_explain_row status = rs_explain_query_row(self, &ask);
    if (status.n_columns == 0) {
        return true; /* no name: a call, a literal */
    }
    way->status = rs_explain_text(&status, "status");
    way->reason = rs_explain_text(&status, "reason");
    add_name_step(self, way, &status, name);
    load_links(self, name, &links);
    size_t goal = find_goal(&links, target_id);
    goal = goal == NONE ? find_goal(&links, -1) : goal;
    if (goal != NONE) {
        add_links(self, way, &links, goal);
    } else {
        add_missing(self, way, &links);
    }
    return goal != NONE;
}

/* What stands before the dot of an attribute; false for another node. */
static bool find_value(rs_explainer *self, const name_at *name, name_at *value)
{
    rs_explain_ask ask = {.statement = &rs_sql_explain_value_of_attribute,
                          .params = {rs_explain_i64_of(name->node_id)}};
    rs_explain_add_stored(self, "attributes");
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    if (row.n_columns == 0) {
        return false;
    }
    value->node_id = rs_explain_i64(&row, "value_id", -1);
    ask.params[0] = rs_explain_i64_of(value->node_id);
    const rs_explain_row inner = rs_explain_query_row(self, &ask);
    value->start_byte = rs_explain_i64(&inner, "name_start_byte", -1);
    if (value->start_byte < 0) {
        value->start_byte = rs_explain_node_get(self, value->node_id).place.start_byte;
    }
    return true;
}

rs_explain_way *rs_explain_way_of_name(rs_explainer *self, int64_t node_id, int64_t start_byte,
                                       int64_t target_id)
{
    name_at names[MAX_PARTS] = {{node_id, start_byte}};
    rs_explain_way *way = new_way(self);
    size_t n_names = 1;
    bool goes_on = way != NULL;
    if (node_id < 0) {
        return NULL;
    }
    while (n_names < MAX_PARTS && find_value(self, &names[n_names - 1], &names[n_names])) {
        n_names++;
    }
    while (n_names > 0 && goes_on && rs_explain_is_ok(self)) {
        n_names--;
        goes_on = add_part(self, way, &names[n_names], n_names == 0 ? target_id : -1);
    }
    return way != NULL && way->n_steps > 0 && rs_explain_is_ok(self) ? way : NULL;
}

/* --- whose way --- */

/* That of the callee's name; its status is the call's: a name may be known, and what it runs not. */
static rs_explain_way *way_of_call(rs_explainer *self, int64_t call_id, int64_t target_id)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_callee_of_call,
                                .params = {rs_explain_i64_of(call_id)}};
    rs_explain_add_stored(self, "calls");
    rs_explain_add_stored(self, "call_statuses");
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    int64_t start_byte = rs_explain_i64(&row, "callee_name_start_byte", -1);
    rs_explain_way *way = start_byte < 0
                              ? NULL
                              : rs_explain_way_of_name(self, rs_explain_i64(&row, "callee_id", -1),
                                                       start_byte, target_id);
    if (way != NULL) {
        way->status = rs_explain_text(&row, "status");
        way->reason = rs_explain_text(&row, "reason");
    }
    return way;
}

static rs_explain_way *way_of_base(rs_explainer *self, const rs_explain_row *ancestor)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_base_of_class,
                                .params = {*rs_explain_value(ancestor, "class_id"),
                                           *rs_explain_value(ancestor, "base_position")}};
    rs_explain_add_stored(self, "class_bases");
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    const name_at base = {rs_explain_i64(&row, "base_id", -1), -1};
    const rs_explain_ask status = {
        .statement = &rs_sql_explain_status_of_name,
        .params = {rs_explain_i64_of(base.node_id), rs_explain_i64_of(-1)}};
    rs_explain_add_stored(self, "reference_statuses");
    const rs_explain_row name = rs_explain_query_row(self, &status);
    return rs_explain_way_of_name(self, base.node_id, rs_explain_i64(&name, "start_byte", -1),
                                  rs_explain_i64(ancestor, "ancestor_id", -1));
}

rs_explain_way *rs_explain_way_of_edge(rs_explainer *self, const rs_explain_edge *edge)
{
    for (size_t i = 0; i < edge->items.n_items; i++) {
        const rs_explain_item *item = edge->items.items[i];
        const rs_explain_row *row = &item->row;
        int64_t target = rs_explain_i64(row, "target_id", -1);
        if (item->dataset == rs_dataset_get(RS_DS_name_targets)) {
            return rs_explain_way_of_name(self, rs_explain_i64(row, "node_id", -1),
                                          rs_explain_i64(row, "start_byte", -1), target);
        }
        if (item->dataset == rs_dataset_get(RS_DS_call_targets)) {
            return way_of_call(self, rs_explain_i64(row, "call_id", -1), target);
        }
        if (item->dataset == rs_dataset_get(RS_DS_class_mro)) {
            return way_of_base(self, row);
        }
    }
    return NULL;
}

rs_explain_way *rs_explain_way_of_anchor(rs_explainer *self, const rs_explain_item *item)
{
    if (!rs_explain_has(self, "name_targets")) {
        return NULL;
    }
    static const struct {
        rs_dataset_id dataset;
        const char *node;
    } names[] = {{RS_DS_name_bindings, "node_id"},
                 {RS_DS_attributes, "attribute_id"},
                 {RS_DS_imports, "import_id"}};
    if (item->dataset == rs_dataset_get(RS_DS_calls)) {
        return way_of_call(self, rs_explain_i64(&item->row, "call_id", -1), -1);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (item->dataset == rs_dataset_get(names[i].dataset)) {
            int64_t start_byte = rs_explain_i64(&item->row, "name_start_byte", -1);
            start_byte = start_byte < 0 ? rs_explain_i64(&item->row, "start_byte", -1) : start_byte;
            return rs_explain_way_of_name(self, rs_explain_i64(&item->row, names[i].node, -1),
                                          start_byte, -1);
        }
    }
    return NULL;
}
