# SPDX-License-Identifier: Apache-2.0
"""Writes SCIP indexes: protobuf's wire format, as far as an index needs it."""


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def text(field, content):
    return block(field, content) if content else b""


def packed(field, numbers):
    return block(field, b"".join(varint(n) for n in numbers)) if numbers else b""


def metadata(tool="test", version="1", root="file:///root", encoding=1, arguments=()):
    return block(1, block(2, text(1, tool) + text(2, version) + b"".join(block(3, a) for a in arguments)) +
                 text(3, root) + number(4, encoding))


def occurrence(span, symbol="", roles=0, enclosing=(), syntax=0, documentation=(), diagnostics=()):
    return block(2, packed(1, span) + text(2, symbol) + number(3, roles) +
                 b"".join(block(4, d) for d in documentation) + number(5, syntax) +
                 b"".join(block(6, d) for d in diagnostics) + packed(7, enclosing))


def diagnostic(severity=1, code="", message="", source="", tags=()):
    return number(1, severity) + text(2, code) + text(3, message) + text(4, source) + packed(5, tags)


def relationship(symbol, reference=False, implementation=False, type_definition=False,
                 definition=False):
    return block(4, text(1, symbol) + number(2, reference) + number(3, implementation) +
                 number(4, type_definition) + number(5, definition))


def information(symbol, documentation=(), relations=(), kind=0, name="", enclosing="",
                signature=None):
    return (text(1, symbol) + b"".join(block(3, d) for d in documentation) + b"".join(relations) +
            number(5, kind) + text(6, name) +
            (block(7, text(4, signature[0]) + text(5, signature[1])) if signature else b"") +
            text(8, enclosing))


def document(path, occurrences=(), symbols=(), language="", body="", encoding=0):
    return block(2, block(1, path) + b"".join(occurrences) +
                 b"".join(block(3, s) for s in symbols) + text(4, language) + text(5, body) +
                 number(6, encoding))


def external(content):
    return block(3, content)
