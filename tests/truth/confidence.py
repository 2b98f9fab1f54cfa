#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""confidence.py - confidences of edges by names are how often these are right: tools/fit-confidence finds
the built-in policy calibrated, and would find another one not to be."""

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "invariants"))
from harness import NO_CASES, Tap, skip  # noqa: E402


def load_tool():
    loader = importlib.machinery.SourceFileLoader("fit", str(HERE.parents[1] / "tools/fit-confidence"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fit", loader))
    loader.exec_module(module)
    return module


def main():
    cases = Path(os.environ["RS_CASES_DIR"])
    if not cases.is_dir():
        skip(NO_CASES, str(cases))
    fit = load_tool()
    tap = Tap()
    rows = fit.measure(cases)
    told = fit.read_policies(fit.POLICY.read_text(encoding="utf-8"))
    error = fit.print_reliability([(fit.predicted(told, row), row[3]) for row in rows])
    tap.ok(len(rows) > 900 and error <= fit.MOST_ERROR, "the policy says how often edges are right: %.4f" % error)
    error = fit.print_reliability(fit.cross_validated(rows))
    tap.ok(error <= fit.MOST_ERROR, "so do numbers fitted to other cases: %.4f" % error)
    unsure = {name: (base - .2, weights) for name, (base, weights) in told.items()}
    error = fit.print_reliability([(fit.predicted(unsure, row), row[3]) for row in rows])
    tap.ok(error > fit.MOST_ERROR, "a policy that is too careful is not: %.4f" % error)
    tap.finish()


main()
