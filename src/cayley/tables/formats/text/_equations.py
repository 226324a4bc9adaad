"""Products written as equations: ``a * b = c`` or ``f(a, b) = c``, one a line or a few."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cayley.tables.formats._context import Format, ReadContext, shown
from cayley.tables.formats._raw import Products, RawTriples, Sniffed
from cayley.tables.labels._markers import UNKNOWN_MARKERS

__all__ = ["EQUATIONS", "parse_equations", "sniff_equations"]

# From the least likely part of a label to the likeliest: where two signs stand in a product, the
# earlier one here divides it. Letters divide only between blanks.
_SIGNS: tuple[str, ...] = (
    *"∘·⋅∗⋆*×⊕⊗⊙⊖•⋄◦▷◁∧∨∩∪",
    *"\\/@%&+.-ox",
)
_NOT_LETTERS = frozenset(sign for sign in _SIGNS if not sign.isalpha())
# Most files have nothing but such lines; they are read without looking further.
_PLAIN = re.compile(
    r"\s*+([\w']++)\s*+([^\w\s'=(^<>-])\s*+([\w']++)\s*+(?:=|->|→)\s*+([\w'?]++)\s*+[;.]?+\s*+"
)
_PLAIN_CALL = re.compile(
    r"\s*+()([\w']++)\s*+\(\s*+([\w']++)\s*+,\s*+([\w']++)\s*+\)\s*+(?:=|->|→)\s*+"
    r"([\w'?]++)\s*+[;.]?+\s*+"
)
_PLAIN_LINE, _PLAIN_CALL_LINE = (
    re.compile(f"^{each.pattern}$".replace(r"\s*+", r"[^\S\n]*+"), re.MULTILINE)
    for each in (_PLAIN, _PLAIN_CALL)
)
_PIECE = 1 << 20  # characters that are cut at once: the labels of all lines would fill the memory
# At the start of a line; "#" may stand after a statement too.
_COMMENTS = ("#", "%", "//")
_EQUALS = re.compile(r"(?<![=<>!:])(?::=|==?|->|→|↦|=>|-->)(?![=>])")
_LABELS = re.compile(
    r"[ \t]*+(?:labels|elements|symbols)[ \t]*+[:=][ \t]*+(?!.*[=].*[=])(.*+)", re.IGNORECASE
)
_CALL = re.compile(r"([^\s()\[\]{}=,;]++)\s*+\((.*)\)", re.DOTALL)
_OPENING, _CLOSING = "([{<⟨", ")]}>⟩"


class _Statement(NamedTuple):
    """One equation: where it stands, and its sides."""

    line: int
    column: int
    sides: list[str]


def parse_equations(text: str, context: ReadContext) -> RawTriples:
    """Read equations whose left sides are products of two labels.

    A line ``labels: a b c`` declares labels that may occur in no product; ``#`` begins a
    comment.
    ``a * b = c * d = e`` are two products.

    Raises:
        TableFormatError: If a line is no equation, or its product cannot be told from a label.
    """
    plain = _plain_triples(text)
    if plain is not None:
        return plain
    labels: tuple[str, ...] | None = None
    statements: list[_Statement] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith(_COMMENTS):
            continue
        declared = _LABELS.fullmatch(line)
        if declared and not (labels is not None and _EQUALS.search(declared.group(1))):
            labels = (labels or ()) + _declared(declared.group(1), number, context)
            continue
        for column, statement in _statements(line):
            sides = [side.strip() for side in _EQUALS.split(statement)]
            if len(sides) < 2 or not all(sides):
                raise context.error(
                    f"{shown(statement.strip())} is no equation such as a * b = c.",
                    line=number,
                    column=column,
                )
            statements.append(_Statement(number, column, sides))
    if not statements:
        raise context.error("there are no equations such as a * b = c.")
    # The first lines tell; every line is then held to it.
    sign = _sign(statements[:1000], context)
    triples: list[tuple[str, str, str | None]] = []
    lines: list[int] = []
    for one in statements:
        for triple in _triples(one, sign, context):
            triples.append(triple)
            lines.append(one.line)
    seen = {label for triple in triples for label in triple if label is not None}
    context.check_sizes(len(seen), len(seen), len(seen))
    if labels is not None:
        context.check_distinct(labels, "`labels`")
    return _raw(Products.of(triples), lines, labels, sign)


def _plain_triples(text: str) -> RawTriples | None:
    """Return the products if every line is one of plain words and they all have one operation."""
    uniform = _uniform_products(text)
    if uniform is not None:
        return _raw(uniform[0], (), None, uniform[1])
    for pattern in (_PLAIN_LINE, _PLAIN_CALL_LINE):
        if not pattern.match(text):
            continue
        # All lines in one call, where none is blank: a file may have a million of them.
        found: list[tuple[str, ...]] = pattern.findall(text)
        if len(found) == len(text.splitlines()):
            before, signs, *after = zip(*found, strict=True)
            sides = after if pattern is _PLAIN_CALL_LINE else (before, *after)
            if len(set(signs)) == 1 and (pattern is _PLAIN_CALL_LINE or signs[0] in _NOT_LETTERS):
                return _raw(Products(*sides), (), None, signs[0])
    for pattern in (_PLAIN, _PLAIN_CALL):
        triples: list[tuple[str, str, str | None]] = []
        lines: list[int] = []
        operations: set[str] = set()
        for number, line in enumerate(text.splitlines(), start=1):
            match = pattern.fullmatch(line)
            if match:
                first, operation, *rest = match.groups()
                left, right, result = rest if pattern is _PLAIN_CALL else (first, *rest)
                triples.append((left, right, result))
                lines.append(number)
                operations.add(operation)
            elif line and not line.isspace():
                break
        else:
            if len(operations) == 1 and (pattern is _PLAIN_CALL or operations <= _NOT_LETTERS):
                return _raw(Products.of(triples), lines, None, operations.pop())
    return None


def _uniform_products(text: str) -> tuple[Products, str] | None:
    """Return products and sign of a text whose every line looks like its first, or None.

    Taking a million lines apart one by one would take three times as long.
    """
    first = _PLAIN_LINE.match(text)
    equals = _EQUALS.search(text)
    if first is None or equals is None or first[2] not in _NOT_LETTERS:
        return None
    sign, equal = first[2], equals[0]
    ends = ";.".replace(sign, "")
    gap = r"[ \t]*+"
    line = gap.join(
        [
            "",
            r"[\w']++",
            re.escape(sign),
            r"[\w']++",
            re.escape(equal),
            r"[\w'?]++",
            f"[{ends}]?+",
            "",
        ]
    )
    if not re.fullmatch(rf"(?:{line}\n)*+(?:{line})?+", text):
        return None
    columns: tuple[list[str], list[str], list[str]] = [], [], []
    same: dict[str, str] = {}  # equal labels as one string: they are few, and lines many
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        piece = text[start:end].replace(equal, "\n")
        for other in (" ", "\t", *ends):
            piece = piece.replace(other, "")
        labels = piece.removesuffix("\n").replace(sign, "\n").split("\n")
        labels = list(map(same.setdefault, labels, labels))
        for place, column in enumerate(columns):
            column.extend(labels[place::3])
        start = end
    return Products(*columns), sign


def _raw(
    products: Products,
    lines: Sequence[int],
    labels: tuple[str, ...] | None,
    operation: str,
) -> RawTriples:
    remarks = [f"the operation is {'written ' if operation in _SIGNS else ''}{operation}"]
    lefts, rights, results = map(set, products)
    # An equation says what a product of two elements is: an element. Otherwise the results of a few
    # equations could be taken for another set than the factors.
    are_one = labels is None and not lefts.isdisjoint(rights)
    if are_one and not results - {None, ""} <= lefts | rights:
        remarks.append("factors and results are taken for one set of labels")
        triples = zip(*products, strict=True)
        found = dict.fromkeys(label for triple in triples for label in triple if label)
        labels = tuple(label for label in found if label not in UNKNOWN_MARKERS)
    return RawTriples(products=products, labels=labels, lines=tuple(lines), remarks=tuple(remarks))


def _declared(text: str, line: int, context: ReadContext) -> tuple[str, ...]:
    text = text.partition(" #")[0].strip().strip("{}[]")
    found = tuple(
        each for each in (re.split(r"[,;]", text) if re.search("[,;]", text) else text.split())
    )
    found = tuple(_bare(each) for each in found if each.strip())
    if not found:
        raise context.error("`labels:` names no label.", line=line)
    context.check_sizes(len(found), len(found), len(found))
    return found


def _statements(line: str) -> Iterator[tuple[int, str]]:
    """Yield the statements of a line with their columns: between semicolons and outer commas."""
    depth, start = 0, 0
    if "#" in line and (comment := re.search(r"(?:^|\s)#", line)):
        line = line[: comment.start()]
    if "," in line or ";" in line:
        for i, character in enumerate(line):
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
            elif depth <= 0 and character in ",;":
                if line[start:i].strip():
                    yield start + 1, line[start:i]
                start = i + 1
    rest = line[start:].rstrip()
    # Mathematicians end sentences with a full stop, Prolog clauses.
    if rest.endswith(".") and _EQUALS.search(rest) and not rest.endswith((" .", "=.")):
        rest = rest[:-1]
    if rest.strip():
        yield start + 1, rest


def _bare(label: str) -> str:
    label = label.strip()
    if (
        len(label) > 1
        and label[0] == label[-1]
        and label[0] in "\"'`"
        and label[0] not in label[1:-1]
    ):
        return label[1:-1]
    return label


def _sign(statements: list[_Statement], context: ReadContext) -> str:
    """Return the sign or the name of the function that all products have."""
    calls: dict[str, _Statement] = {}
    for one in statements:
        for side in one.sides:
            call = _CALL.fullmatch(side)
            if call and len(_arguments(call.group(2))) == 2 and "=" not in call.group(1):
                calls.setdefault(call.group(1), one)
    products = [one for one in statements if not any(map(_CALL.fullmatch, one.sides[:-1]))]
    if calls and len(products) < len(statements):
        if len(calls) > 1:
            names = ", ".join(
                f"{name} in line {one.line}" for name, one in list(calls.items())[:10]
            )
            raise context.error(f"there are {len(calls)} operations: {names}. Keep one a file.")
        return next(iter(calls))
    # A sign that one of the others divides, and not between blanks, is part of a label.
    dividing = [
        sign
        for sign in _SIGNS
        if all(any(len(_factors(side, sign)) == 2 for side in one.sides) for one in statements)
    ]
    if len(dividing) > 1:
        spaced = [
            sign
            for sign in dividing
            if all(any(f" {sign} " in side for side in one.sides) for one in statements)
        ]
        if len(spaced) != 1:
            one = statements[0]
            raise context.error(
                f"{shown(' = '.join(one.sides))} may be a product with {dividing[0]!r} or with "
                f"{dividing[1]!r}. Put blanks around the sign of the operation.",
                line=one.line,
                column=one.column,
            )
        return spaced[0]
    if dividing:
        return dividing[0]
    for sign in _SIGNS:
        without = [
            one
            for one in statements
            if not any(len(_factors(side, sign)) == 2 for side in one.sides)
        ]
        if len(without) < len(statements):
            one = without[0]
            raise context.error(
                f"{shown(' = '.join(one.sides))} has no product with {sign!r}, as the other lines "
                "have.",
                line=one.line,
                column=one.column,
            )
    one = statements[0]
    raise context.error(
        f"{shown(' = '.join(one.sides))} has no product of two labels, such as a * b or f(a, b).",
        line=one.line,
        column=one.column,
    )


def _factors(side: str, sign: str) -> list[str]:
    """Return what a sign divides a side into, outside of brackets."""
    if sign not in side:
        return [side]
    if sign.isalpha():
        # A letter is an operation between blanks only.
        words = side.split()
        if words.count(sign) != 1:
            return [side]
        at = words.index(sign)
        parts = [" ".join(words[:at]), " ".join(words[at + 1 :])]
        return parts if all(parts) else [side]
    pieces: list[str] = []
    depth, start = 0, 0
    for i, character in enumerate(side):
        if character in "([{⟨":
            depth += 1
        elif character in ")]}⟩":
            depth -= 1
        elif character == sign and depth <= 0 and side[start:i].strip():
            # A sign in front of a label belongs to it, as in -1, after another sign too.
            if sign in "+-" and side[:i].rstrip()[-1] in _NOT_LETTERS:
                continue
            pieces.append(side[start:i].strip())
            start = i + 1
    pieces.append(side[start:].strip())
    return pieces if all(pieces) else [side]


def _arguments(text: str) -> list[str]:
    pieces: list[str] = []
    depth, start = 0, 0
    for i, character in enumerate(text):
        if character in "([{⟨":
            depth += 1
        elif character in ")]}⟩":
            depth -= 1
        elif character == "," and depth <= 0:
            pieces.append(text[start:i].strip())
            start = i + 1
    pieces.append(text[start:].strip())
    return pieces


def _product(side: str, sign: str) -> list[str]:
    """Return the two labels of a product, or the only label of what is none."""
    call = _CALL.fullmatch(side)
    if call and call.group(1) == sign:
        return [_bare(each) for each in _arguments(call.group(2))]
    if len(sign) == 1 and not (call and sign.isalpha()):
        return [_bare(each) for each in _factors(side, sign)]
    return [_bare(side)]


def _triples(
    one: _Statement, sign: str, context: ReadContext
) -> Iterator[tuple[str, str, str | None]]:
    sides = [_product(side, sign) for side in one.sides]
    results = [side[0] for side in sides if len(side) == 1]
    products = [side for side in sides if len(side) == 2]
    # A minus as in a*b = - stands for nothing known; it has no factors and is a label here.
    if len(results) != 1 or len(products) + 1 != len(sides) or not all(map(all, products)):
        raise context.error(
            f"{shown(' = '.join(one.sides))} is no product of two labels with one result, such as "
            f"a * b = c.",
            line=one.line,
            column=one.column,
        )
    for left, right in products:
        for label in (left, right, results[0]):
            if _has_product(label, sign):
                raise context.error(
                    f"{shown(label)} is a product itself; write its result.",
                    line=one.line,
                    column=one.column,
                )
        yield left, right, results[0]


def _has_product(label: str, sign: str) -> bool:
    if len(sign) > 1 or sign.isalnum():
        return f"{sign}(" in label
    return label[:1] in "([" and sign in label[1:-1] and sign not in "+-."


_NOT_HERE = re.compile(r"[&|{}]|\\\\|^\s*<|\bfof\(|:=\s*\[|=\s*\[")


def sniff_equations(text: str) -> Sniffed:
    """Say whether every line is an equation with a product on one side."""
    start = text[:8192]
    lines = start.splitlines()
    if len(text) > len(start):
        lines = lines[:-1]
    plain = [line for line in lines if line.strip() and not line.lstrip().startswith(_COMMENTS)]
    equations = [line for line in plain if not _LABELS.fullmatch(line) or _EQUALS.search(line)]
    if not equations or any(_NOT_HERE.search(line) for line in equations):
        return 0.0, ""
    if not all(_EQUALS.search(line) for line in equations):
        return 0.0, ""
    nobody = ReadContext(
        name="",
        markers=frozenset(),
        json_markers=frozenset(),
        allow_conflicts=True,
        max_order=len(start),
    )
    try:
        parse_equations("\n".join(equations), nobody)
    except ValueError:
        # Perhaps equations with a mistake; perhaps a presentation.
        return 0.3, "equations"
    return 0.9, "equations"


EQUATIONS = Format(name="equations", suffixes=(), sniff=sniff_equations, parse=parse_equations)
