/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

static void print_finding(const rs_finding *finding, void *context)
{
    (void)context;
    printf("%s: %s: %s\n", finding->object, finding->check, finding->message);
}

static void keep_finding(const rs_finding *finding, void *context)
{
    json_t *row = json_pack("{s:s, s:s+, s:s+}", "check", finding->check, "object", finding->object,
                            "", "message", finding->message, "");
    json_array_append_new(context, row != NULL ? row : json_null());
}

static int print_report(json_t *findings, uint64_t n_checks)
{
    json_t *report =
        json_pack("{s:I, s:O}", "n_checks", (json_int_t)n_checks, "findings", findings);
    int code = cli_print_json(report);
    json_decref(report);
    return code;
}

static int doctor(const cli_call *call)
{
    rs_error err = {0};
    uint64_t n_checks = 0;
    uint64_t n_findings = 0;
    const char *path = call->n_operands > 0 ? call->operands[0] : ".";
    bool as_json = cli_has(call, "json");
    json_t *findings = json_array();
    int code = EXIT_DONE;
    if (rs_bundle_check(path, as_json ? keep_finding : print_finding, findings, NULL, &n_checks,
                        &n_findings, &err) != RS_OK) {
        code = cli_fail(&err);
    } else if (as_json) {
        code = print_report(findings, n_checks);
    } else if (!cli_has(call, "quiet")) {
        char checks[32];
        char number[32];
        fflush(stdout);
        fprintf(stderr, "%s checks, %s\n", cli_grouped(n_checks, checks),
                n_findings == 0 ? "nothing found" : cli_grouped(n_findings, number));
    }
    json_decref(findings);
    return code == EXIT_DONE && n_findings > 0 ? EXIT_FINDING : code;
}

static const cli_option options[] = {
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print the findings as JSON.", "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Print findings only.", "0.1"},
};

const cli_command cli_doctor = {
    .name = "doctor",
    .operands = "[BUNDLE]",
    .max_operands = 1,
    .summary = "check that a bundle is what it promises",
    .text =
        "Checks that files, hashes, row counts, schemas and footers are what the manifest and the "
        "registry say, that no file is missing and none too many; then the rows: keys unique, "
        "required columns there, words known, order kept, no id that leads nowhere, spans "
        "inside their files, parents before children. One line a finding, `object: check: "
        "message`; the exit code is 1 when there is one.",
    .examples = "relspec doctor run_bundles/latest\n"
                "relspec doctor --json run_bundles/latest",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = doctor,
};
