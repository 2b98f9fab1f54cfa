#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fact_score.py FACTS.jsonl PRED.jsonl [--cases FILE | --exclude FILE] [--min-conf X] [-v] [--json]
Scores predictions against facts made by gt_extract.py.
PRED line: {"case"?, "kind","from","to","conf"?}   (case may be left out: from/to are unique within a suite)
Closed-world suites: every predicted (from,to) of a kind the truth has, whose 'from' lies in a scored case, is TP or FP
    (a 'from' the truth never mentions counts as FP only when its file is in the suite and --strict is given).
Open-world suites: FP = predictions listed as want=false only (for codeql-flow also any flow into a SINK_F line).
Also printed: exact = share of 'from's whose predicted 'to' set equals the true set (TypeEvalPy's "exact match", PyCG-like soundness per site),
covered = share of 'from's with any prediction, and with confidences: average precision, Brier score and ECE.
Self check: fact_score.py FACTS.jsonl --self  scores the truth against itself.
"""
import argparse, collections, json, sys


def rows(p):
    with open(p, encoding="utf-8") as f:
        for l in f:
            if l.strip():
                yield json.loads(l)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("facts"); ap.add_argument("pred", nargs="?")
    ap.add_argument("--self", dest="selfcheck", action="store_true")
    ap.add_argument("--cases"); ap.add_argument("--exclude"); ap.add_argument("--min-conf", type=float, default=0.0)
    ap.add_argument("--strict", action="store_true"); ap.add_argument("-v", action="store_true"); ap.add_argument("--json", action="store_true")
    a = ap.parse_args()
    rd = lambda p: {l.split("#")[0].strip() for l in open(p, encoding="utf-8")} - {""}
    only = rd(a.cases) if a.cases else None
    drop = rd(a.exclude) if a.exclude else set()
    world = "closed"
    want, nope, meta = collections.defaultdict(set), collections.defaultdict(set), {}
    allfacts = []
    sinkf = set()
    for r in rows(a.facts):
        if "world" in r:
            world = r["world"]; continue
        if (only is not None and r["case"] not in only) or r["case"] in drop:
            continue
        k = (r["kind"], r["from"])
        meta[k] = (r["case"], r["cat"])
        if r["from"] == "*":
            sinkf.add((r["kind"], r["to"])); continue
        (want if r["want"] else nope)[k].add(r["to"])
        allfacts.append(r)
    pred = collections.defaultdict(dict)
    if a.selfcheck:
        for k, v in want.items():
            for t in v:
                pred[k][t] = 1.0
    else:
        for r in rows(a.pred):
            c = float(r.get("conf", 1.0))
            if c >= a.min_conf:
                d = pred[(r["kind"], r["from"])]
                d[r["to"]] = max(c, d.get(r["to"], 0))
    C = collections.OrderedDict()
    kinds = sorted({k for k, _ in list(want) + list(nope)})
    tot = {k: collections.Counter() for k in kinds}
    scored, fails = [], []
    for k in sorted(set(want) | set(nope)):
        kind = k[0]; case, cat = meta[k]
        w, p = want.get(k, set()), pred.get(k, {})
        if w == {"none"} and not p:       # "resolves to nothing" is predicted by saying nothing
            p = {"none": 1.0}
        tp = w & set(p)
        fn = w - set(p)
        fp = (set(p) - w) if world == "closed" else (set(p) & nope.get(k, set()))
        if world == "open":
            fp |= {t for t in p if (kind, t) in sinkf}
        row = C.setdefault((kind, cat), collections.Counter())
        for x in (row, tot[kind]):
            x["from"] += 1; x["tp"] += len(tp); x["fn"] += len(fn); x["fp"] += len(fp)
            x["exact"] += not fn and not fp; x["cov"] += bool(p)
        for t, c in p.items():
            if t in w or t in fp:
                scored.append((c, t in w))
        if fn or fp:
            fails.append((case, k, sorted(fn), sorted(fp)))
    if a.strict and world == "closed":
        for k in pred:
            if k not in meta and k[0] in tot:
                tot[k[0]]["fp"] += len(pred[k]); tot[k[0]]["stray"] += 1
    for k in pred:                         # open world: flows into SINK_F from any source
        if world == "open" and k not in meta:
            bad = {t for t in pred[k] if (k[0], t) in sinkf}
            if bad and k[0] in tot:
                tot[k[0]]["fp"] += len(bad); fails.append(("?", k, [], sorted(bad)))
    rt = lambda x, y: 1.0 if not y else x / y

    def fmt(x):
        P, R = rt(x["tp"], x["tp"] + x["fp"]), rt(x["tp"], x["tp"] + x["fn"])
        return P, R, (0 if P + R == 0 else 2 * P * R / (P + R)), rt(x["exact"], x["from"]), rt(x["cov"], x["from"])
    if a.json:
        json.dump({"world": world, "total": {k: dict(x, P=fmt(x)[0], R=fmt(x)[1], F1=fmt(x)[2], exact_rate=fmt(x)[3]) for k, x in tot.items()},
                   "by_cat": {"%s/%s" % k: dict(x, P=fmt(x)[0], R=fmt(x)[1]) for k, x in C.items()}}, sys.stdout, indent=1); print()
    else:
        print("%-9s %-34s %6s %6s %5s %5s | %6s %6s %6s | %6s %6s" % ("kind", "category", "froms", "TP", "FP", "FN", "prec", "rec", "F1", "exact", "cover"))
        for (kind, cat), x in C.items():
            print("%-9s %-34s %6d %6d %5d %5d | %6.3f %6.3f %6.3f | %6.3f %6.3f" % ((kind, cat[-34:], x["from"], x["tp"], x["fp"], x["fn"]) + fmt(x)))
        for kind, x in tot.items():
            print("%-9s %-34s %6d %6d %5d %5d | %6.3f %6.3f %6.3f | %6.3f %6.3f" % ((kind, "TOTAL (%s world)" % world, x["from"], x["tp"], x["fp"], x["fn"]) + fmt(x)))
        if scored and len({c for c, _ in scored}) > 1:
            scored.sort(reverse=True)
            nt = sum(x["tp"] + x["fn"] for x in tot.values())
            tp = n = 0; ap_ = prev = 0.0; i = 0
            while i < len(scored):
                c = scored[i][0]
                while i < len(scored) and scored[i][0] == c:
                    n += 1; tp += scored[i][1]; i += 1
                ap_ += tp / n * (tp / nt - prev); prev = tp / nt
            b = collections.defaultdict(lambda: [0, 0, 0.0])
            for c, t in scored:
                x = b[min(9, int(c * 10))]; x[0] += 1; x[1] += t; x[2] += c
            print("average precision %.4f  Brier %.4f  ECE %.4f" % (ap_, sum((c - t) ** 2 for c, t in scored) / len(scored), sum(abs(x[1] - x[2]) for x in b.values()) / len(scored)))
        if a.v:
            for case, k, fn, fp in fails:
                print("%s  %s %s" % (case, k[0], k[1]))
                for t in fn: print("    - " + t)
                for t in fp: print("    + " + t)
    return 0


if __name__ == "__main__":
    sys.exit(main())
