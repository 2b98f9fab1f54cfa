#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""repo_codecs.py - source encodings, compared with this CPython.

names       every name and alias, in several spellings: the encoding that
            tokenize.detect_encoding names, and whether compile() takes it
characters  every byte of the encodings of one byte a character, and text in the others
hostile     what make_nasty.py writes, where it lies beside the checkout

What differs on purpose stands in UNSUPPORTED (CPython reads source in them, relspec does not) and
in OTHER_TABLES (iconv's tables have a few characters more, less or others than CPython's; text
that the two agree on is compared, the rest is counted).
"""
import codecs
import collections
import encodings
import encodings.aliases
import io
import json
import os
import pkgutil
import re
import struct
import subprocess
import sys
import tempfile
import tokenize
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "invariants"))
from harness import OTHER_INPUT, skip  # noqa: E402

UNSUPPORTED = {"idna", "raw_unicode_escape", "unicode_escape"}
NO_SOURCE = {"punycode", "undefined"}
OTHER_TABLES = re.compile(r"big5|cp9(32|49|50)$|euc_|gb|hz$|iso2022_|johab|shift_jis")
NEWEST_NAMES = (3, 13)  # that codec_tables.c was made from
SAMPLE = "x = 'ab' # \u3042\u30a2\u4e2d\u56fd\u6587\u5b57\uac00\ub098\ub2e4\u0431\u03b1\u3002\n"
# CPython has kana and Cyrillic where iconv has private characters.
SAMPLES = dict.fromkeys(("big5", "cp950"), "x = 'ab' # \u4e2d\u570b\u6587\u5b57\u3002\n")

n_passed = n_failed = 0


def check(holds, what):
    global n_passed, n_failed
    if holds:
        n_passed += 1
    else:
        n_failed += 1
        print("not ok - " + what)


def decode(sources):
    """(encoding, codes, text) of each."""
    probe = os.path.join(os.environ["RS_BINARY_DIR"], "tests", "repo_probe")
    data = b"".join(struct.pack("=I", len(s)) + s for s in sources)
    out = subprocess.run([probe, "decode"], input=data, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    for _ in sources:
        end = out.index(b"\n", at)
        encoding, codes, n_text = out[at:end].decode().split("\t")
        at = end + 1 + int(n_text)
        yield encoding, codes, out[end + 1:at]


def modules():
    names = [m.name for m in pkgutil.iter_modules(encodings.__path__)]
    return sorted(n for n in names if n not in ("aliases", "mbcs", "oem"))


def spellings():
    plain = set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values()) | set(modules())
    names = set(plain)
    names |= {n.replace("_", "-") for n in plain} | {n.upper() for n in plain}
    names |= {n.replace("_", ".") for n in plain} | {"-" + n + "-" for n in plain}
    names |= {n + "-unix" for n in plain} | {n + "x" for n in plain} | {n[:-1] for n in plain}
    names |= {"klingon", "x" * 200, ".", "a.b", "utf8", "UTF-8-x", "Latin_1_x", "iso_latin_1_x"}
    return sorted(n for n in names if n and "mac_centeuro" not in codecs_key(n))


def codecs_key(name):
    """The one module that was dropped on the way to 3.13."""
    return re.sub(r"[-.]", "_", name.lower())


def detected(source):
    try:
        return tokenize.detect_encoding(io.BytesIO(source).readline)[0]
    except SyntaxError:
        return ""


def refusal(source):
    """What compile() has against the encoding; None when it has nothing."""
    try:
        compile(source, "source", "exec")
    except (SyntaxError, ValueError) as error:
        text = str(error)
        return text if re.search("encod|codec|null byte", text) else None
    return None


def check_names():
    names = spellings()
    sources = [("# coding: %s\nx = 1\n" % n).encode() for n in names]
    for name, source, (encoding, codes, _) in zip(names, sources, decode(sources)):
        want = detected(source)
        check(encoding == want, "%s: %r, CPython says %r" % (name, encoding, want))
        try:
            known = codecs.lookup(want).name if want else ""
        except LookupError:
            known = ""
        ours = codecs_key(known) in UNSUPPORTED | NO_SOURCE
        theirs = refusal(source)
        check(bool(codes) == (theirs is not None or ours),
              "%s: %r, CPython says %r" % (name, codes, theirs))
    print("# %d names" % len(names))


def sources_of(name):
    head = ("# coding: %s\n" % name).encode()
    if name.startswith(("utf_16", "utf_32")):
        return  # the coding line itself cannot be read in it
    if name != "utf_8_sig":
        yield head + SAMPLES.get(name, SAMPLE).encode(name, "ignore")
    if OTHER_TABLES.match(name):
        for first in range(0x81, 0x100):
            for second in range(0x30, 0x100, 7):
                yield head + bytes([first, second]) + b"\n"
    else:
        for byte in range(1, 0x100):
            yield head + bytes([byte]) + b"\n"


def check_characters():
    differing = collections.Counter()
    for name in modules():
        if name in UNSUPPORTED | NO_SOURCE or not codecs.lookup(name)._is_text_encoding:
            continue
        if name == "mac_centeuro":
            continue
        sources = list(sources_of(name))
        for i, (source, (_, codes, text)) in enumerate(zip(sources, decode(sources))):
            try:
                want = source.decode(name).encode()
            except UnicodeError:
                want = None
            agrees = ("encoding_invalid" in codes) == (want is None) and want in (None, text)
            if OTHER_TABLES.match(name) and i > 0:
                differing[name] += not agrees
            else:
                check(agrees, "%s: %r gives %r %s" % (name, source, text, codes))
    for name, n in sorted(differing.items()):
        if n:
            print("# %s: %d characters differ from CPython's" % (name, n))


def check_hostile():
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make_nasty.py")
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "tree")
        subprocess.run([sys.executable, script, tree], check=True, stdout=subprocess.PIPE)
        os.chmod(os.path.join(tree, "noperm.py"), 0o600)
        expected = [json.loads(line) for line in open(os.path.join(tree, "EXPECT.jsonl"))]
        sources = []
        for row in expected:
            name = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), row["file"].encode())
            with open(os.path.join(os.fsencode(tree), name), "rb") as file:
                sources.append(file.read())
        for row, (encoding, codes, _) in zip(expected, decode(sources)):
            if row["enc"].startswith("error"):
                check("encoding_" in codes, "%s: %r" % (row["file"], codes))
            else:
                check(encoding == row["enc"], "%s: %r" % (row["file"], encoding))
            check(("null bytes" in row["cpython"]) == ("null_byte" in codes),
                  "%s: %r" % (row["file"], codes))


def main():
    warnings.simplefilter("ignore")
    if sys.version_info < (3, 8) or sys.version_info[:2] > NEWEST_NAMES:
        skip(OTHER_INPUT, "the tables of CPython 3.8 to %d.%d" % NEWEST_NAMES)
    check_names()
    check_characters()
    check_hostile()
    print("%d passed, %d failed" % (n_passed, n_failed))
    sys.exit(n_failed > 0)


if __name__ == "__main__":
    main()
