"""Finite models in the language of TPTP, as Paradox, Vampire and other model finders print them."""

import re

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
_COMMENT = re.compile(r"%[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?+")
_VARIABLE = re.compile(r"[A-Z]\w*")


def parse_tptp(text: str, context: ReadContext) -> RawTriples:
    """Read the only binary function of a finite model: ``fi_functors`` or formulas of equations.

    The domain, where a formula lists it, is the alphabet. Predicates, constants and unary functions
    are left out.

    Raises:
        TableFormatError: If there is no binary function, or several, which are then listed; or if
            an equation has variables and so is no entry of a table.
    """
    # Blanks in the place of comments keep lines as they are.
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    lines = Lines(text)
    heads = list(_FORMULA.finditer(text))
    if not heads:
        raise context.error("there are no formulas such as fof(name, fi_functors, ...).")
    ends = [*(head.start() for head in heads[1:]), len(text)]
    domain: tuple[str, ...] | None = None
    # By name: the offset of each equation and its three terms as written.
    products: dict[str, list[tuple[int, str, str, str]]] = {}
    plain: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=True):
        quantified = _DOMAIN.match(text, head.end(), end) or _DOMAIN.match(
            text, _skip_blanks(text, head.end()), end
        )
        if quantified:
            domain = _domain(text, quantified, end, context) or domain
            continue
        for match in _PRODUCT.finditer(text, head.end(), end):
            name, a, b, c, sign, d, value = match.groups()
            one = products.setdefault(name or sign, [])
            terms = (a, b, value) if name else (c, d, value)
            for term in terms:
                if term not in plain:
                    plain[term] = _element(term, lines, match.start(), context)
            one.append((match.start(), *terms))
    if not products:
        raise context.error("the model has no equations of a binary function, f(a,b) = c.")
    if len(products) > 1:
        listed = ", ".join(
            f"{shown(_plain(name))} in line {lines.at(products[name][0][0])[0]}"
            for name in list(products)[:10]
        )
        raise context.error(
            f"the model has {len(products)} binary functions: {listed}. Keep one a file."
        )
    ((name, found),) = products.items()
    return RawTriples(
        products=Products.of((plain[a], plain[b], plain[value]) for _, a, b, value in found),
        labels=domain,
        lines=tuple(lines.at(start)[0] for start, *_ in found),
        remarks=(f"the operation is {_plain(name)}",),
    )


def _element(term: str, lines: Lines, offset: int, context: ReadContext) -> str:
    if _VARIABLE.fullmatch(term):
        line, column = lines.at(offset)
        raise context.error(
            f"{term} is a variable, so this equation is no entry of a table.",
            line=line,
            column=column,
        )
    return _plain(term)


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
