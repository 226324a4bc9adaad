"""Which alphabets a file means that does not list them: inferred from the labels that occur.

The readers call these functions, and the writers call them too: a table is refused if a reader
would infer other alphabets from what is written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["Appearances", "infer_table_symbols", "infer_triple_alphabets", "record_appearance"]

Appearances = tuple[dict[str, int], dict[str, int], dict[str, int]]
"""For left, right and result of triples: every label with the rank of its first appearance."""


def infer_table_symbols(
    rows: Sequence[str], columns: Sequence[str], seen: Sequence[str]
) -> tuple[str, ...]:
    """Return the symbols of a table from its margins and the values in its cells.

    When every value is a row label, the symbols are the row labels. Otherwise they are the values,
    topped up with placeholders ``?1``, ``?2``, ... to the number of rows if the table is square.

    Args:
        rows: Row labels.
        columns: Column labels; only needed to keep placeholders apart from them.
        seen: The distinct values, in the order of their first appearance.

    Example:
        >>> infer_table_symbols("ab", "ab", "b"), infer_table_symbols("ab", "ab", "x")
        (('a', 'b'), ('x', '?1'))
    """
    # Rows decide, not columns: an action (states by moves) has its results among the rows.
    if set(seen) <= set(rows):
        return tuple(rows)
    # A square table over other symbols is meant as an isotope, which needs as many symbols as rows
    # even if some occur in unknown cells only. A rectangular one gives no such number.
    missing = len(rows) - len(seen) if len(rows) == len(columns) else 0
    return (*seen, *_placeholders(missing, taken={*rows, *columns, *seen}))


def record_appearance(appearances: Appearances, place: int, label: str) -> None:
    """Record that ``label`` is new at ``place`` (0 left, 1 right, 2 result) of a triple."""
    appearances[place][label] = sum(map(len, appearances))


def infer_triple_alphabets(
    appearances: Appearances,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the alphabets of rows, columns and symbols behind a list of triples.

    Sets of labels that share one are one alphabet, in order of first appearance. Where the results
    have an alphabet of their own, the smaller alphabets are topped up with placeholders to the
    size of the largest, as an isotope needs. Where the results share one with the left or the
    right operands only, the table stays rectangular: an action.

    Example:
        >>> infer_triple_alphabets(({"x": 0, "y": 3}, {"go": 1}, {"y": 2}))
        (('x', 'y'), ('go',), ('x', 'y'))
    """
    parts = _joined(appearances)
    alphabets: list[tuple[str, ...]] = []
    for part in parts:
        ranks: dict[str, int] = {}
        for place in part:
            _keep_earliest(ranks, appearances[place])
        alphabets.append(tuple(sorted(ranks, key=ranks.__getitem__)))
    # Only where no operand is a result: elsewhere the sizes are those of an action, and padding
    # would invent states.
    if [2] in parts:
        taken = {label for names in alphabets for label in names}
        size = max(map(len, alphabets))
        for i, names in enumerate(alphabets):
            extra = tuple(_placeholders(size - len(names), taken=taken))
            taken.update(extra)
            alphabets[i] = names + extra
    rows, columns, symbols = (
        next(names for names, part in zip(alphabets, parts, strict=True) if place in part)
        for place in range(3)
    )
    return rows, columns, symbols


def _joined(appearances: Appearances) -> list[list[int]]:
    """Return a partition of the places 0, 1, 2 in which places that share a label are together."""
    parts = [[0], [1], [2]]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        if not appearances[i].keys().isdisjoint(appearances[j]):
            first = next(part for part in parts if i in part)
            second = next(part for part in parts if j in part)
            if first is not second:
                first.extend(second)
                parts.remove(second)
    return parts


def _keep_earliest(ranks: dict[str, int], more: Mapping[str, int]) -> None:
    for label, rank in more.items():
        ranks[label] = min(rank, ranks.get(label, rank))


def _placeholders(count: int, *, taken: Collection[str]) -> Iterable[str]:
    number = 0
    while count > 0:
        number += 1
        # A label of the file may look like a placeholder; numbers are skipped, not labels renamed.
        if f"?{number}" not in taken:
            count -= 1
            yield f"?{number}"
