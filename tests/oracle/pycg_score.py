#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pycg_score.py CASES_DIR PRED_DIR  -- score predicted call graphs against PyCG-style ground truth.

CASES_DIR  any tree whose case directories hold callgraph.json (PyCG micro-benchmark/snippets,
           pycg-evaluation/data/micro-benchmark, Jarvis ground_truth/micro_benchmark, or a directory of
           NAME.json files such as pycg-evaluation/data/macro-benchmark/ground-truth-cgs).
           category = first path component below CASES_DIR.
PRED_DIR   for case CAT/NAME the first that exists of
             PRED_DIR/CAT/NAME.json, PRED_DIR/CAT/NAME/callgraph.json, PRED_DIR/CAT/NAME/pred.json,
             PRED_DIR/CAT/NAME/<--pred-name>
Prediction = {"caller": ["callee", ...]} ; a callee may also be {"to": "callee", "conf": 0.8}
(or ["callee", 0.8]); a bare string has confidence 1.  --min-conf drops the rest, --sweep shows P/R per threshold.

Rules (all computed from the same sets):
  paper  (ICSE'21 artifact, scripts/micro_benchmark.py)
         complete: for every predicted caller that is ALSO a key of the truth, every predicted callee is in the truth
                   (callers the truth does not know are skipped);
         sound:    every key of the truth is a key of the prediction and each of its callees is predicted
                   (so leaf nodes with [] must be printed too);
         a missing/unparsable prediction is neither.
  edges  (Jarvis reproducing_RQ2/gen_table.py) complete: FP==0, sound: FN==0, on the edge sets.
  exact  (PyCG's own unit tests) the two dictionaries are equal up to list order.
Precision/recall: TP/(TP+FP), TP/(TP+FN) on edges, summed over the cases of a category (micro average);
missing prediction -> all its edges are FN.   0/0 counts as 1.
"""
import argparse, collections, json, os, re, sys


def load_graph(path, min_conf=None):
    with open(path, encoding="utf-8") as f:
        raw = json.load(f)
    g = {}
    for k, vs in raw.items():
        out = {}
        for v in vs:
            if isinstance(v, str):
                name, conf = v, 1.0
            elif isinstance(v, dict):
                name, conf = v["to"], float(v.get("conf", 1.0))
            else:
                name, conf = v[0], float(v[1])
            out[name] = max(conf, out.get(name, 0.0))
        g[k] = out
    if min_conf is not None:
        g = {k: {n: c for n, c in v.items() if c >= min_conf} for k, v in g.items()}
    return g


def find_cases(root):
    cases = []
    for d, ds, fs in os.walk(root):
        ds.sort()
        if "callgraph.json" in fs:
            cases.append((os.path.relpath(d, root), os.path.join(d, "callgraph.json")))
    if not cases:   # flat layout NAME.json (macro benchmark); CATEGORY/NAME.json also
        for d, ds, fs in os.walk(root):
            ds.sort()
            for f in sorted(fs):
                if f.endswith(".json"):
                    cases.append((os.path.relpath(os.path.join(d, f[:-5]), root), os.path.join(d, f)))
    return sorted(cases)


def find_pred(root, case, pred_name):
    for c in (os.path.join(root, case + ".json"), os.path.join(root, case, "callgraph.json"),
              os.path.join(root, case, "pred.json")) + ((os.path.join(root, case, pred_name),) if pred_name else ()):
        if os.path.isfile(c):
            return c
    return None


def filt(g, ignore):
    if not ignore:
        return g
    return {k: {n: c for n, c in v.items() if not ignore.search(n)} for k, v in g.items() if not ignore.search(k)}


def score_case(truth, pred):
    """-> dict tp fp fn, complete/sound by rule"""
    r = {}
    if pred is None:
        return dict(tp=0, fp=0, fn=sum(map(len, truth.values())), cp=0, sp=0, ce=0, se=0, ex=0, missing=1,
                    fp_list=[], fn_list=[(k, n) for k, v in truth.items() for n in v])
    te = {(k, n) for k, v in truth.items() for n in v}
    pe = {(k, n) for k, v in pred.items() for n in v}
    r["tp"], r["fp"], r["fn"] = len(te & pe), len(pe - te), len(te - pe)
    r["cp"] = int(all(n in truth[k] for k, v in pred.items() if k in truth for n in v))
    r["sp"] = int(all(k in pred and all(n in pred[k] for n in v) for k, v in truth.items()))
    r["ce"], r["se"] = int(not (pe - te)), int(not (te - pe))
    r["ex"] = int({k: set(v) for k, v in truth.items()} == {k: set(v) for k, v in pred.items()})
    r["missing"] = 0
    r["fp_list"], r["fn_list"] = sorted(pe - te), sorted(te - pe)
    return r


def ratio(a, b):
    return 1.0 if b == 0 else a / b


def main(argv=None):
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("cases_dir"); ap.add_argument("pred_dir")
    ap.add_argument("--pred-name", default=None, help="file name inside PRED_DIR/CAT/NAME/")
    ap.add_argument("--min-conf", type=float, default=None)
    ap.add_argument("--sweep", action="store_true", help="precision/recall/F1 per confidence threshold, average precision, calibration")
    ap.add_argument("--ignore", default=None, help="regex: drop nodes/edges whose name matches, on both sides (e.g. '<builtin>|<\\*\\*Py')")
    ap.add_argument("--cases", default=None, help="file listing the cases to score, one CAT/NAME a line ('#' comments)")
    ap.add_argument("--exclude", default=None, help="file listing cases to leave out")
    ap.add_argument("--verbose", "-v", action="store_true", help="list FP and FN edges")
    ap.add_argument("--json", dest="as_json", action="store_true")
    a = ap.parse_args(argv)
    ignore = re.compile(a.ignore) if a.ignore else None

    def readlist(p):
        with open(p, encoding="utf-8") as f:
            return {l.split("#")[0].strip() for l in f} - {""}
    cases = find_cases(a.cases_dir)
    if not cases:
        sys.exit("no callgraph.json under " + a.cases_dir)
    if a.cases:
        want = readlist(a.cases)
        unknown = want - {c for c, _ in cases}
        if unknown:
            sys.stderr.write("warning: %d listed cases not found, e.g. %s\n" % (len(unknown), sorted(unknown)[:3]))
        cases = [c for c in cases if c[0] in want]
    if a.exclude:
        drop = readlist(a.exclude)
        cases = [c for c in cases if c[0] not in drop]
    rows = collections.OrderedDict()
    details = []
    scored = []          # (conf, is_tp) of every predicted edge, for the sweep
    ntruth = 0
    for case, tpath in cases:
        truth = filt(load_graph(tpath), ignore)
        pp = find_pred(a.pred_dir, case, a.pred_name)
        pred = full = None
        err = None
        if pp:
            try:
                full = filt(load_graph(pp), ignore)
                pred = full if a.min_conf is None else filt(load_graph(pp, a.min_conf), ignore)
            except Exception as e:
                err = repr(e)
        r = score_case(truth, pred)
        r["case"], r["error"] = case, err
        details.append(r)
        te = {(k, n) for k, v in truth.items() for n in v}
        ntruth += len(te)
        for k, v in (full or {}).items():
            for n, c in v.items():
                scored.append((c, (k, n) in te))
        cat = case.split(os.sep)[0] if os.sep in case else "(all)"
        row = rows.setdefault(cat, collections.Counter())
        row["n"] += 1
        for x in ("tp", "fp", "fn", "cp", "sp", "ce", "se", "ex", "missing"):
            row[x] += r[x]
    tot = collections.Counter()
    for row in rows.values():
        tot.update(row)
    rows_all = list(rows.items()) + [("TOTAL", tot)]
    if a.as_json:
        out = {c: dict(cases=r["n"], complete_paper=r["cp"], sound_paper=r["sp"], complete_edges=r["ce"], sound_edges=r["se"],
                       exact=r["ex"], tp=r["tp"], fp=r["fp"], fn=r["fn"], missing=r["missing"],
                       precision=ratio(r["tp"], r["tp"] + r["fp"]), recall=ratio(r["tp"], r["tp"] + r["fn"]))
               for c, r in rows_all}
        if a.verbose:
            out["_cases"] = details
        json.dump(out, sys.stdout, indent=1)
        print()
    else:
        print("%-18s %5s | %9s %9s | %9s %9s | %9s | %4s %4s %4s | %6s %6s %6s | %s" % (
            "category", "cases", "compl(p)", "sound(p)", "compl(e)", "sound(e)", "exact", "TP", "FP", "FN", "prec", "rec", "F1", "missing"))
        for c, r in rows_all:
            if c == "TOTAL":
                print("-" * 138)
            p, q = ratio(r["tp"], r["tp"] + r["fp"]), ratio(r["tp"], r["tp"] + r["fn"])
            f1 = 0.0 if p + q == 0 else 2 * p * q / (p + q)
            f = lambda x: "%d/%d" % (r[x], r["n"])
            print("%-18s %5d | %9s %9s | %9s %9s | %9s | %4d %4d %4d | %6.3f %6.3f %6.3f | %d" % (
                c, r["n"], f("cp"), f("sp"), f("ce"), f("se"), f("ex"), r["tp"], r["fp"], r["fn"], p, q, f1, r["missing"]))
        if a.verbose:
            for r in details:
                if r["fp"] or r["fn"] or r["missing"] or r["error"]:
                    print("%s%s%s" % (r["case"], " MISSING" if r["missing"] else "", " " + r["error"] if r["error"] else ""))
                    for k, n in r["fp_list"]:
                        print("    + %s -> %s" % (k, n))
                    for k, n in r["fn_list"]:
                        print("    - %s -> %s" % (k, n))
    if a.sweep:
        scored.sort(reverse=True)
        print("\nthreshold  kept     TP  precision  recall     F1")
        ap_, tp, kept, prev_rec = 0.0, 0, 0, 0.0
        i = 0
        while i < len(scored):
            c = scored[i][0]
            while i < len(scored) and scored[i][0] == c:
                kept += 1; tp += scored[i][1]; i += 1
            p, q = ratio(tp, kept), ratio(tp, ntruth)
            ap_ += p * (q - prev_rec); prev_rec = q
            print("  >=%-6.3g %5d  %5d     %.3f   %.3f  %.3f" % (c, kept, tp, p, q, 0 if p + q == 0 else 2 * p * q / (p + q)))
        print("average precision %.4f" % ap_)
        if scored:
            brier = sum((c - t) ** 2 for c, t in scored) / len(scored)
            bins = collections.defaultdict(lambda: [0, 0, 0.0])
            for c, t in scored:
                b = bins[min(9, int(c * 10))]; b[0] += 1; b[1] += t; b[2] += c
            ece = sum(abs(b[1] - b[2]) for b in bins.values()) / len(scored)
            print("Brier %.4f   ECE(10 bins) %.4f" % (brier, ece))
            for k in sorted(bins):
                b = bins[k]
                print("  conf %.1f-%.1f: n=%d mean conf %.3f observed %.3f" % (k / 10, k / 10 + .1, b[0], b[2] / b[0], b[1] / b[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
