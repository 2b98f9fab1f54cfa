# SPDX-License-Identifier: Apache-2.0
"""snippets.py - short sources out of CPython's own test suite, good ones and bad ones.

Every string of the test modules below, as it stands and without its indentation, and every
example of their doctests. Most of what the parser's own tests refuse is among them.
"""
import ast
import doctest
import os
import textwrap

MODULES = """
    test_ast test_builtin test_bytes test_call test_cmd_line_script test_codeop test_compile
    test_complex test_coroutines test_decorators test_dictcomps test_eof test_except_star
    test_exceptions test_extcall test_float test_flufl test_fstring test_future test_generators
    test_genexps test_global test_grammar test_inspect test_int test_int_literal
    test_keywordonlyarg test_lambda test_listcomps test_named_expressions test_nonlocal test_parser
    test_patma test_peepholer test_peg_generator test_positional_only_arg test_scope test_setcomps
    test_source_encoding test_string_literals test_symtable test_syntax test_tokenize
    test_traceback test_tstring test_type_aliases test_type_annotations test_type_comments
    test_type_params test_unicode_identifiers test_unpack_ex test_unparse
    """.split()
MOST_BYTES = 20000


def strings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def variants(text):
    yield text
    if "\n" in text:
        yield textwrap.dedent(text)
    if ">>>" in text:
        try:
            yield from (e.source for e in doctest.DocTestParser().get_examples(text))
        except ValueError:
            pass


def module_files(stdlib):
    for module in os.environ.get("RS_SNIPPETS", "").split() or MODULES:
        path = os.path.join(stdlib, "test", module)
        for file in [path + ".py"] + [os.path.join(path, name) for name in (
                sorted(os.listdir(path)) if os.path.isdir(path) else [])]:
            if file.endswith(".py") and os.path.isfile(file):
                yield file


def snippets(stdlib):
    """(name, bytes) of each, without doubles."""
    seen = set()
    for file in module_files(stdlib):
        with open(file, "rb") as stream:
            tree = ast.parse(stream.read())
        for text in strings(tree):
            for number, variant in enumerate(variants(text)):
                try:
                    source = variant.encode()
                except UnicodeEncodeError:
                    continue
                if 2 <= len(source) <= MOST_BYTES and source not in seen:
                    seen.add(source)
                    yield "%s string %d.%d" % (os.path.basename(file), len(seen), number), source
