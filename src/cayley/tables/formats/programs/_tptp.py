"""Finite models in the language of TPTP, as Paradox, Vampire and other model finders print them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

from cayley.tables.formats._context import Format, ReadContext, shown
from cayley.tables.formats._places import Lines
from cayley.tables.formats._raw import Products, RawTriples, Sniffed

__all__ = ["TPTP", "parse_tptp", "sniff_tptp"]

_FORMULA = re.compile(r"\b([ft][of]f|cnf|tcf)\s*+\(\s*+([^,()]++),\s*+(\w++)\s*+,")
# A name, a distinct object in double quotes, a quoted name or a number. The quantifiers are
# possessive and names begin where a word begins: nothing is read twice.
_ATOM = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|(?<![\w$])[\w$]++)"""
_PRODUCT = re.compile(
    rf"(?:(?P<name>{_ATOM})\s*+\(\s*+(?P<a>{_ATOM})\s*+,\s*+(?P<b>{_ATOM})\s*+\)"
    rf"|(?P<c>{_ATOM})\s*+(?P<sign>[*+·∘])\s*+(?P<d>{_ATOM}))\s*+=(?![>=])\s*+(?P<value>{_ATOM})"
    r"(?!\s*+[(*+·∘])"
)
_DOMAIN = re.compile(r"\(?\s*+!\s*+\[\s*+([A-Z]\w*+)[^\]]*+\]\s*+:")
# What every head has, found in a fifth of the time that a search for heads takes.
_MAY_BEGIN = re.compile(r"[ftc][ofnc]f\s*+\(")
# Atoms that have no blanks and no signs, by the way they begin.
_SIMPLE = {'"': r'"[\w$]++"', "'": r"'[\w$]++'", "": r"[\w$]++"}
_BLANKS = " \t\n\r"
_LONG = 1 << 12  # characters of a formula that make it worth while to look for columns
_PIECE = 1 << 20  # characters that are cut at once: all terms as written would fill the memory
_LINE = re.compile(r"%[^\n]*+")
_BLOCK = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?+")
_COMMENT = re.compile(rf"{_LINE.pattern}|{_BLOCK.pattern}")
_VARIABLE = re.compile(r"[A-Z]\w*")


def parse_tptp(text: str, context: ReadContext) -> RawTriples:
    """Read the only binary function of a finite model: ``fi_functors`` or formulas of equations.

    The domain, where a formula lists it, is the alphabet. Predicates, constants and unary functions
    are left out.

    Raises:
        TableFormatError: If there is no binary function, or several, which are then listed; or if
            an equation has variables and so is no entry of a table.
    """
    text = _without_comments(text)
    head = _next_head(text, 0)
    if not head:
        raise context.error("there are no formulas such as fof(name, fi_functors, ...).")
    domain: tuple[str, ...] | None = None
    # By name: where the first equation stands, and the columns of all.
    first: dict[str, int] = {}
    products: dict[str, tuple[list[str], list[str], list[str]]] = {}
    plain = _Elements(text, context)
    spans: list[tuple[int, int]] = []
    while head:
        start = head.end()
        uniform = _uniform_products(text, start, plain)
        end = uniform.end if uniform else None
        head = _next_head(text, start if end is None else end)
        if end is None:
            end = head.start() if head else len(text)
        quantified = _DOMAIN.match(text, start, end) or _DOMAIN.match(
            text, _skip_blanks(text, start), end
        )
        if quantified:
            domain = _domain(text, quantified, end, context) or domain
            continue
        spans.append((start, end))
        for each in [uniform] if uniform else _products(text, start, end, plain):
            first.setdefault(each.name, each.start)
            columns = products.setdefault(each.name, ([], [], []))
            for column, more in zip(columns, each.columns, strict=True):
                column.extend(more)
    if not products:
        raise context.error("the model has no equations of a binary function, f(a,b) = c.")
    if len(products) > 1:
        lines = Lines(text)
        listed = ", ".join(
            f"{shown(_plain(name))} in line {lines.at(first[name])[0]}"
            for name in list(products)[:10]
        )
        raise context.error(
            f"the model has {len(products)} binary functions: {listed}. Keep one a file."
        )
    ((name, columns),) = products.items()
    return RawTriples(
        products=Products(*columns),
        labels=domain,
        lines=_ProductLines(text, spans, len(columns[0])),
        remarks=(f"the operation is {_plain(name)}",),
    )


def _without_comments(text: str) -> str:
    """Return the text with blanks in the place of comments, so that lines stay as they are."""
    has_lines, has_blocks = "%" in text, "/*" in text
    if not has_lines and not has_blocks:
        return text
    # One kind alone is found by its first sign, several times as fast.
    comment = _COMMENT if has_lines and has_blocks else _LINE if has_lines else _BLOCK
    return comment.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _next_head(text: str, position: int) -> re.Match[str] | None:
    """Return the head of the next formula: first where one may begin, then a look at it."""
    for candidate in _MAY_BEGIN.finditer(text, position):
        head = _FORMULA.match(text, candidate.start())
        if head:
            return head
    return None


class _Equations(NamedTuple):
    """Equations of one function: its name, where they begin and end, and their terms."""

    name: str
    start: int
    end: int
    columns: tuple[list[str], list[str], list[str]]


class _Elements(dict[str, str]):
    """Elements by how they are written, each looked at once."""

    def __init__(self, text: str, context: ReadContext) -> None:
        super().__init__()
        self._text, self._context = text, context
        self.offset: int | None = None  # of the equation that is read

    def __missing__(self, term: str) -> str:
        if _VARIABLE.fullmatch(term):
            if self.offset is None:
                raise KeyError(term)
            line, column = Lines(self._text).at(self.offset)
            raise self._context.error(
                f"{term} is a variable, so this equation is no entry of a table.",
                line=line,
                column=column,
            )
        self[term] = _plain(term)
        return self[term]


def _products(text: str, start: int, end: int, plain: _Elements) -> Iterator[_Equations]:
    """Yield the equations in a formula one by one."""
    for match in _PRODUCT.finditer(text, start, end):
        name, a, b, c, sign, d, value = match.groups()
        plain.offset = match.start()
        left, right, result = (plain[term] for term in ((a, b, value) if name else (c, d, value)))
        yield _Equations(name or sign, *match.span(), ([left], [right], [result]))
    plain.offset = None


def _uniform_products(text: str, start: int, plain: _Elements) -> _Equations | None:
    """Return the equations of a formula that has nothing but products of one function, or None.

    Model finders write tables so. Taking a million equations apart one by one takes six times as
    long.
    """
    begin = _skip_blanks(text, start)
    if text.find(".", begin, begin + _LONG) >= 0:
        return None  # it ends soon, or has a number that is no simple atom
    first = _PRODUCT.match(text, begin)
    if first is None or not _is_simple(first["name"] or "f"):
        return None
    name, sign = first["name"], first["sign"]
    left = first["a"] or first["c"]
    atom = _SIMPLE[left[0] if left[0] in _SIMPLE else ""]
    if name:
        factors = [re.escape(name), r"\(", atom, ",", atom, r"\)"]
    else:
        factors = [atom, re.escape(sign), atom]
    product = f"[{_BLANKS}]*+".join([*factors, "=", atom])
    joint, end_of_all = f"[){_BLANKS}]*+&[({_BLANKS}]*+", rf"[){_BLANKS}]*+\.[{_BLANKS}]*+"
    matched = re.compile(f"(?:{product}{joint})*+{product}{end_of_all}").match(text, begin)
    if not matched:
        return None
    end = matched.end()
    if end < len(text) and not _FORMULA.match(text, end):
        return None
    columns: tuple[list[str], list[str], list[str]] = [], [], []
    position = begin
    while position < end:
        cut = text.find("&", position + _PIECE, end) + 1 or end
        piece = text[position:cut]
        for blank in _BLANKS:
            piece = piece.replace(blank, "")
        # An element never stands before a parenthesis, so that only names go.
        piece = piece.replace(f"{name}(", "") if name else piece.replace(sign, ",")
        piece = piece.replace("(", "").replace(")", "").rstrip("&.")
        terms = piece.replace("&", ",").replace("=", ",").split(",")
        try:
            terms = list(map(plain.__getitem__, terms))
        except KeyError:  # a variable; one by one, the message says where it stands
            return None
        for place, column in enumerate(columns):
            column.extend(terms[place::3])
        position = cut
    return _Equations(name or sign, begin, end, columns)


def _is_simple(atom: str) -> bool:
    return any(re.fullmatch(pattern, atom) for pattern in _SIMPLE.values())


class _ProductLines(Sequence[int]):
    """The lines of the equations in a text, found when a message asks for one."""

    def __init__(self, text: str, spans: list[tuple[int, int]], count: int) -> None:
        self._text, self._spans, self._count = text, spans, count
        self._found: list[int] | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if self._found is None:
            lines = Lines(self._text)
            self._found = [
                lines.at(match.start())[0]
                for start, end in self._spans
                for match in _PRODUCT.finditer(self._text, start, end)
            ]
        return self._found[place]


def _skip_blanks(text: str, offset: int) -> int:
    while offset < len(text) and text[offset] in " \t\r\n(":
        offset += 1
    return offset


def _domain(
    text: str, quantified: re.Match[str], end: int, context: ReadContext
) -> tuple[str, ...] | None:
    """Return the elements that ``X = a | X = b`` lists, or None if the formula says more."""
    variable = re.escape(quantified.group(1))
    one = re.compile(rf"[\s(|]*+{variable}\s*+=\s*+({_ATOM})[\s)]*+")
    found: list[str] = []
    position = quantified.end()
    while match := one.match(text, position, end):
        found.append(_plain(match.group(1)))
        position = match.end()
        if len(found) > context.max_order:
            context.check_sizes(len(found), len(found), len(found))
    rest = text[position:end].strip()
    return tuple(dict.fromkeys(found)) if found and rest[:1] in ("", ".", ",") else None


def _plain(atom: str) -> str:
    """Return an atom without its quotes."""
    if atom[0] in "\"'" and len(atom) > 1:
        return re.sub(r"\\(.)", r"\1", atom[1:-1])
    return atom


def sniff_tptp(text: str) -> Sniffed:
    """Say whether the text has formulas of a finite model."""
    start = text[:16384]
    if not _FORMULA.search(start):
        return 0.0, ""
    if re.search(r"\bfi_(?:domain|functors)\b", start):
        return 1.0, "a finite model in TPTP"
    return (0.9, "formulas of TPTP") if _PRODUCT.search(start) else (0.0, "")


TPTP = Format(name="tptp", suffixes=(".p", ".tptp"), sniff=sniff_tptp, parse=parse_tptp)
