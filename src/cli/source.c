/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* NAME=VALUE, NAME=@FILE; a value that starts with an @ has two of them. */
static rs_status add_param(rs_config *config, const char *text, rs_error *err)
{
    char name[64];
    size_t n_name = strcspn(text, "=");
    if (n_name == 0 || n_name >= sizeof name || text[n_name] == '\0') {
        return rs_error_set(err, RS_ERR_INVALID, "--param %.60s: expected NAME=VALUE or NAME=@FILE",
                            text);
    }
    memcpy(name, text, n_name);
    name[n_name] = '\0';
    const char *value = text + n_name + 1;
    if (value[0] != '@') {
        return rs_config_add_param(config, name, value, err);
    }
    return value[1] == '@' ? rs_config_add_param(config, name, value + 1, err)
                           : rs_config_add_param_file(config, name, value + 1, err);
}

static rs_status set_texts(const cli_call *call, rs_config *config, rs_error *err)
{
    RS_TRY(rs_config_set_path(config, call->n_operands > 0 ? call->operands[0] : ".", err));
    if (cli_has(call, "rules")) {
        RS_TRY(rs_config_set_rules(config, cli_text(call, "rules", ""), err));
    }
    RS_TRY(rs_config_set_policy(config, cli_text(call, "policy", NULL), err));
    if (cli_has(call, "repository-id")) {
        RS_TRY(rs_config_set_repository_id(config, cli_text(call, "repository-id", ""), err));
    }
    if (cli_has(call, "scip")) {
        RS_TRY(rs_config_set_scip(config, cli_text(call, "scip", ""), err));
    }
    if (cli_has(call, "python")) {
        RS_TRY(rs_config_set_python(config, cli_text(call, "python", ""), err));
    }
    if (cli_has(call, "until")) {
        RS_TRY(rs_config_set_until(config, cli_text(call, "until", ""), err));
    }
    return RS_OK;
}

rs_status cli_configure_source(const cli_call *call, rs_config *config, rs_error *err)
{
    RS_TRY(set_texts(call, config, err));
    for (size_t i = 0; i < call->n_values; i++) {
        const char *name = call->values[i].option->name;
        if (strcmp(name, "include") == 0) {
            RS_TRY(rs_config_add_include(config, call->values[i].text, err));
        } else if (strcmp(name, "exclude") == 0) {
            RS_TRY(rs_config_add_exclude(config, call->values[i].text, err));
        } else if (strcmp(name, "only") == 0) {
            RS_TRY(rs_config_add_only(config, call->values[i].text, err));
        } else if (strcmp(name, "param") == 0) {
            RS_TRY(add_param(config, call->values[i].text, err));
        }
    }
    rs_config_set_max_file_bytes(config, cli_number(call, "max-file-size", 0));
    rs_config_set_gitignore(config, !cli_has(call, "no-gitignore"));
    rs_config_set_default_excludes(config, !cli_has(call, "no-default-excludes"));
    return cli_has(call, "no-config") ? RS_OK : rs_config_read_project(config, err);
}

/* --- signals --- */

static void (*volatile stop_running)(void *context);
static void *volatile running;

static volatile sig_atomic_t signal_seen;
static volatile sig_atomic_t n_signals;
static char discarded[PATH_MAX + 32]; /* the draft that an interrupt leaves behind; "" for none */

static void discard(void)
{
    char *name = discarded + strlen(discarded) - sizeof "/draft" + 2; /* behind the last slash */
    (void)unlink(discarded);
    memcpy(name, "lock", sizeof "lock");
    (void)unlink(discarded);
    name[-1] = '\0';
    (void)rmdir(discarded);
}

static void on_signal(int number)
{
    signal_seen = number;
    void (*stop)(void *context) = stop_running;
    if (stop != NULL && n_signals++ == 0) {
        stop(running);
        return;
    }
    /* Nothing is at work that could be stopped, or somebody asks again. */
    static const char words[] = "relspec: interrupted\n";
    ssize_t n_written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)n_written;
    if (discarded[0] != '\0' && stop == NULL) {
        discard();
    }
    _exit(EXIT_SIGNAL + number);
}

void cli_discard_on_interrupt(const char *path)
{
    discarded[0] = '\0';
    int n_bytes = path == NULL ? 0
                               : snprintf(discarded, sizeof discarded, "%s.tmp-%ld/draft", path,
                                          (long)getpid());
    if (n_bytes < 0 || (size_t)n_bytes >= sizeof discarded) {
        discarded[0] = '\0';
    }
}

int cli_signal(void)
{
    return signal_seen;
}

void cli_on_interrupt(void (*stop)(void *context), void *context)
{
    struct sigaction action = {.sa_handler = on_signal};
    stop_running = NULL;
    running = context;
    stop_running = stop;
    sigemptyset(&action.sa_mask);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) { /* nohup */
            sigaction(signals[i], &action, NULL);
        }
    }
}
