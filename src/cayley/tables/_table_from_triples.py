"""The table that a list of products, as a format found them, stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cayley.tables._decided import Decided
from cayley.tables._table import Table
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import RawTriples
from cayley.tables.formats.text._triples import NumberedTriple, table_from_numbered_triples
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
    lines = raw.lines or tuple(range(1, len(raw.triples) + 1))
    spelling = _spelling(raw)
    decided.unified.update(spelling)
    triples = _interpreted(raw, lines, spelling, decided, context)
    if raw.labels is not None:
        triples = _within(triples, raw, context)
    table = table_from_numbered_triples(triples, context, unit=raw.unit)
    if raw.labels is not None:
        products = list(table.triples())
        # Results that occur: the alphabets that were inferred may have placeholders.
        results = dict.fromkeys(result for _, _, result in products)
        further = [label for label in results if label not in set(raw.labels)]
        table = Table.from_triples(
            products,
            rows=raw.labels,
            columns=raw.labels,
            symbols=(*raw.labels, *further),
        )
    _remark_on_case(table, decided)
    return replace(table, reading=decided.reading(raw.delimiter, header=None))


def _spelling(raw: RawTriples) -> dict[str, str]:
    """Return the label for every string that is one in another spelling of the same look."""
    operands = {label: None for left, right, _ in raw.triples for label in (left, right)}
    results = {result: None for _, _, result in raw.triples if result}
    groups: dict[str, list[str]] = {}
    for label in dict.fromkeys((*(raw.labels or ()), *operands, *results)):
        groups.setdefault(plain_number(label), []).append(label)
    if len(groups) == len({*(raw.labels or ()), *operands, *results}):
        return {}
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


def _interpreted(
    raw: RawTriples,
    lines: Sequence[int],
    spelling: Mapping[str, str],
    decided: Decided,
    context: ReadContext,
) -> Iterator[NumberedTriple]:
    """Yield the products with labels in one spelling, and None where the result is unknown."""
    declared = set(raw.labels or ())
    operands = {label for left, right, _ in raw.triples for label in (left, right)}
    # Every label is looked at once: lists are long, and labels few.
    none = {
        label
        for label in operands
        if not label or (_is_word_for_unknown(label, context) and label not in declared)
    }
    own = operands | declared
    unknown = {
        result
        for _, _, result in raw.triples
        if result is None or (result not in own and _is_marker(result, context))
    }
    for line, (left, right, result) in zip(lines, raw.triples, strict=True):
        if left in none or right in none:
            column, label = (1, left) if left in none else (2, right)
            raise _no_operand(label, column, line, raw, context)
        operands_read = spelling.get(left, left), spelling.get(right, right)
        if result is None or result in unknown:
            decided.mark_unknown(result or "")
            yield line, *operands_read, None
        else:
            yield line, *operands_read, spelling.get(result, result)


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


def _within(
    triples: Iterable[NumberedTriple], raw: RawTriples, context: ReadContext
) -> Iterator[NumberedTriple]:
    """Yield the products, and refuse labels that are not among the declared ones."""
    declared = set(raw.labels or ())
    for triple in triples:
        line, left, right, result = triple
        for label, place in ((left, "left"), (right, "right"), (result, "result")):
            if label is None or label in declared or (place == "result" and context.is_open):
                continue
            near = nearest_label(label, declared)
            question = f": did you mean {ticked(near)}?" if near else "."
            where = f"item {line}: " if raw.unit == "item" else ""
            raise context.error(
                f"{where}{ticked(label)} is none of the declared labels "
                f"{listed(raw.labels or ())}{question}",
                line=line if raw.unit == "line" else None,
            )
        yield triple


def _remark_on_case(table: Table, decided: Decided) -> None:
    """Say which labels differ in nothing but case, as one of them may be a typing error."""
    first: dict[str, str] = {}
    for label in dict.fromkeys((*table.rows, *table.columns, *table.symbols)):
        other = first.setdefault(label.casefold(), label)
        if other != label:
            decided.remarks.append(f"{ticked(other)} and {ticked(label)} are two labels")
