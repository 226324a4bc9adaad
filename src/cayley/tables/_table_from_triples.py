"""The table that a list of products, as a format found them, stands for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cayley.tables._decided import Decided
from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import Products, RawTriples
from cayley.tables.labels._alphabets import infer_triple_alphabets
from cayley.tables.labels._markers import is_marker
from cayley.tables.labels._shown import listed, shown, ticked
from cayley.tables.labels._spellings import plain_number
from cayley.tables.labels._strays import nearest_label

__all__ = ["table_from_raw_triples"]


def table_from_raw_triples(raw: RawTriples, context: ReadContext) -> Table:
    """Return the table that products stand for, with the ``reading`` of what was decided.

    Without a declared alphabet, labels that stand on the left, on the right and among the results
    tell the alphabets. Spellings of one look are one label if operands and results share labels.

    Raises:
        TableFormatError: If they stand for none; the message names the line or the item.
    """
    decided = Decided(remarks=raw.remarks)
    if raw.labels is not None:
        context.check_distinct(raw.labels, "the labels")
        context.check_sizes(len(raw.labels), len(raw.labels), len(raw.labels))
    if not raw.products.left:
        raise context.error(_NOTHING_KNOWN)
    lines = raw.lines or range(1, len(raw.products.left) + 1)
    columns = raw.products
    spelling = _spelling(raw, columns)
    decided.unified.update(spelling)
    columns = _interpreted(raw, columns, lines, spelling=spelling, decided=decided, context=context)
    if raw.labels is not None:
        _check_within(raw, columns, lines, context)
    table = _table_of(raw, columns, lines, context)
    if raw.labels is not None:
        table = _over_declared(table, raw.labels)
    _remark_on_case(table, decided)
    return replace(table, reading=decided.reading(raw.delimiter, header=None))


def _spelling(raw: RawTriples, columns: Products) -> dict[str, str]:
    """Return the label for every string that is one in another spelling of the same look."""
    operands = dict.fromkeys((*dict.fromkeys(columns.left), *dict.fromkeys(columns.right)))
    results = [result for result in dict.fromkeys(columns.result) if result]
    every = {*(raw.labels or ()), *operands, *results}
    if len({plain_number(label) for label in every}) == len(every):
        return {}
    groups: dict[str, list[str]] = {}
    for label in dict.fromkeys((*(raw.labels or ()), *_in_order(columns))):
        groups.setdefault(plain_number(label), []).append(label)
    declared = set(raw.labels or ())
    one_alphabet = {plain_number(label) for label in operands} & {plain_number(x) for x in results}
    if not one_alphabet and not declared:
        return {}
    found: dict[str, str] = {}
    for group in groups.values():
        # A declared spelling is kept; else the shortest, which is 1 and not 1.0.
        kept = min(group, key=lambda label: (label not in declared, len(label)))
        found.update((label, kept) for label in group if label != kept and label not in declared)
    return found


def _in_order(columns: Products) -> list[str]:
    """Return the operands in the order of the lines, then the results in theirs."""
    first = _first_places(columns.left, 0)
    for label, place in _first_places(columns.right, 1).items():
        first[label] = min(place, first.get(label, place))
    operands = sorted(first, key=first.__getitem__)
    return [*operands, *(result for result in dict.fromkeys(columns.result) if result)]


def _first_places(labels: Sequence[str | None], place: int) -> dict[str, int]:
    """Return where every label stands first, as a number that grows with the line and the place."""
    last = len(labels) - 1
    # Written backwards, the first line overwrites the others.
    found = dict(zip(reversed(labels), range(last, -1, -1), strict=True))
    return {label: 3 * line + place for label, line in found.items() if label is not None}


def _interpreted(
    raw: RawTriples,
    columns: Products,
    lines: Sequence[int],
    *,
    spelling: Mapping[str, str],
    decided: Decided,
    context: ReadContext,
) -> Products:
    """Return the products with labels in one spelling, and None where the result is unknown."""
    declared = set(raw.labels or ())
    operands = {*columns.left, *columns.right}
    # Every label is looked at once: lists are long, and labels few.
    none = {
        label
        for label in operands
        if not label or (_is_word_for_unknown(label, context) and label not in declared)
    }
    if none:
        sides = enumerate(zip(columns.left, columns.right, strict=True))
        at = next(i for i, pair in sides if not none.isdisjoint(pair))
        column = 1 if columns.left[at] in none else 2
        raise _no_operand(columns[column - 1][at] or "", column, lines[at], raw, context)
    own = operands | declared
    counts = Counter(columns.result)
    meaning: dict[str | None, str | None] = {}
    for result, count in counts.items():
        if result is None or (result not in own and _is_marker(result, context)):
            decided.mark_unknown(result or "", count)
            meaning[result] = None
        else:
            meaning[result] = spelling.get(result, result)
    results = list(map(meaning.__getitem__, columns.result))
    if not spelling:
        return Products(columns.left, columns.right, results)
    spelled = {label: spelling.get(label, label) for label in operands}
    left, right = (list(map(spelled.__getitem__, side)) for side in columns[:2])
    return Products(left, right, results)


def _table_of(
    raw: RawTriples, columns: Products, lines: Sequence[int], context: ReadContext
) -> Table:
    """Return the table of some products, its alphabets inferred from them.

    The first observation of a cell counts. A further one that contradicts it is refused, or kept
    among the repeats if the context allows conflicts; one that agrees is dropped, or kept likewise.

    Raises:
        TableFormatError: If products contradict each other, none is known or they are too many.
    """
    left, right, result = (_first_places(labels, place) for place, labels in enumerate(columns))
    if not result:
        raise context.error(_NOTHING_KNOWN)
    alphabets = infer_triple_alphabets((left, right, result))
    context.check_sizes(*map(len, alphabets))
    index: list[dict[str | None, int]] = [
        {label: i for i, label in enumerate(names)} for names in alphabets
    ]
    index[2][None] = UNKNOWN
    a, b, c = (
        np.fromiter(map(codes.__getitem__, labels), np.int64, len(labels))
        for codes, labels in zip(index, columns, strict=True)
    )
    known = np.flatnonzero(c != UNKNOWN)
    a, b, c = a[known], b[known], c[known]
    array = np.full((len(alphabets[0]), len(alphabets[1])), UNKNOWN, np.int64)
    # Which observation of a cell is its first.
    cells = a * len(alphabets[1]) + b
    first = np.full(array.size, len(known), np.int64)
    np.minimum.at(first, cells, np.arange(len(known)))
    earlier = first[cells]
    again = np.flatnonzero(earlier != np.arange(len(known)))
    if len(again) and not context.allow_conflicts:
        against = again[c[again] != c[earlier[again]]]
        if len(against):
            at = int(against[0])
            both = int(known[earlier[at]]), int(known[at])
            raise _contradiction(raw, columns, lines, both, context)
    array[a, b] = c[earlier]
    repeats = np.stack([a, b, c], axis=1)[again if context.allow_conflicts else again[:0]]
    # The first observation stays in the table, whether or not later ones agree: which of them is
    # wrong is a question for the solver.
    rows, names, symbols = alphabets
    return Table(rows=rows, columns=names, symbols=symbols, array=array, repeats=repeats)


def _over_declared(table: Table, labels: tuple[str, ...]) -> Table:
    """Return a table over declared labels, after which come further results in their order."""
    _, first = np.unique(table.observations[:, 2], return_index=True)
    # Results that occur: the alphabets that were inferred may have placeholders.
    seen = [table.symbols[c] for c in table.observations[np.sort(first), 2]]
    own = set(labels)
    symbols = (*labels, *(label for label in seen if label not in own))
    place = {label: i for i, label in enumerate(symbols)}
    row, column, symbol = (
        np.array([place.get(label, UNKNOWN) for label in names])
        for names in (table.rows, table.columns, table.symbols)
    )
    a, b = np.nonzero(table.array != UNKNOWN)
    array = np.full((len(labels), len(labels)), UNKNOWN, np.int64)
    array[row[a], column[b]] = symbol[table.array[a, b]]
    repeats = np.stack(
        [names[table.repeats[:, i]] for i, names in enumerate((row, column, symbol))]
    )
    return Table(rows=labels, columns=labels, symbols=symbols, array=array, repeats=repeats.T)


_NOTHING_KNOWN = "no product is known; at least one triple must have a result."


def _contradiction(
    raw: RawTriples,
    columns: Products,
    lines: Sequence[int],
    both: tuple[int, int],
    context: ReadContext,
) -> Exception:
    """Return the error about two products of one cell, by their places in the list."""
    one, other = both
    where = f"{raw.unit} {lines[other]} " if raw.unit == "item" else ""
    return context.error(
        f"{where}contradicts {raw.unit} {lines[one]}: {shown(columns.left[other])} and "
        f"{shown(columns.right[other])} give {shown(columns.result[one] or '')} there and "
        f"{shown(columns.result[other] or '')} here. Allow conflicting observations with "
        "`allow_conflicts` (`--allow-conflicts`).",
        line=lines[other] if raw.unit == "line" else None,
    )


def _is_marker(label: str, context: ReadContext) -> bool:
    return is_marker(label, context.markers, are_declared=context.are_declared)


def _is_word_for_unknown(label: str, context: ReadContext) -> bool:
    """Return whether an operand rather means unknown: signs such as ``-`` may be labels."""
    return _is_marker(label, context) and (label == "?" or label[-1:].isalpha())


def _no_operand(
    label: str, column: int, line: int, raw: RawTriples, context: ReadContext
) -> Exception:
    what = "is empty" if not label else f"{shown(label)} also marks unknown results"
    where = f"item {line}: " if raw.unit == "item" else ""
    return context.error(
        f"{where}the {'left' if column == 1 else 'right'} label {what}. Declare the markers "
        "that mean unknown with `unknown` (`--unknown`), or use a JSON object.",
        line=line if raw.unit == "line" else None,
        column=column if raw.unit == "line" else None,
    )


def _check_within(
    raw: RawTriples, columns: Products, lines: Sequence[int], context: ReadContext
) -> None:
    """Refuse labels that are not among the declared ones, naming the first."""
    declared: set[str | None] = {None, *(raw.labels or ())}
    sides = columns[:2] if context.is_open else columns
    if all(declared.issuperset(side) for side in sides):
        return
    for line, triple in zip(lines, zip(*sides, strict=True), strict=True):
        for label in triple:
            if label in declared:
                continue
            near = nearest_label(label, raw.labels or ())
            question = f": did you mean {ticked(near)}?" if near else "."
            where = f"item {line}: " if raw.unit == "item" else ""
            raise context.error(
                f"{where}{ticked(label)} is none of the declared labels "
                f"{listed(raw.labels or ())}{question}",
                line=line if raw.unit == "line" else None,
            )


def _remark_on_case(table: Table, decided: Decided) -> None:
    """Say which labels differ in nothing but case, as one of them may be a typing error."""
    first: dict[str, str] = {}
    for label in dict.fromkeys((*table.rows, *table.columns, *table.symbols)):
        other = first.setdefault(label.casefold(), label)
        if other != label:
            decided.remarks.append(f"{ticked(other)} and {ticked(label)} are two labels")
