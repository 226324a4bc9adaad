"""Against brute force: all Latin squares of order 4, and which of them are groups."""

from functools import cache
from itertools import permutations, product

import numpy as np
import pytest

from cayley.experiments.baselines import Budget
from cayley.experiments.baselines._sat import SATCompleter
from cayley.tables import Table, generate_family, mask

pytest.importorskip("pysat")
BUDGET = Budget(steps=1000)


@cache
def latin_squares(n: int) -> tuple[np.ndarray, ...]:
    rows = list(permutations(range(n)))

    def extend(square):
        if len(square) == n:
            yield np.array(square)
            return
        for row in rows:
            if all(row[k] != above[k] for above in square for k in range(n)):
                yield from extend([*square, row])

    return tuple(extend([]))


def is_group(square) -> bool:
    n = len(square)
    triples = product(range(n), repeat=3)
    return all(square[square[a, b], c] == square[a, square[b, c]] for a, b, c in triples)


def test_there_are_576_latin_squares() -> None:
    assert len(latin_squares(4)) == 576
    assert sum(map(is_group, latin_squares(4))) == 16  # 4!/|Aut|: 12 of C4, 4 of C2 x C2


@pytest.mark.parametrize("structure", ["quasigroup", "group"])
@pytest.mark.parametrize("seed", range(12))
def test_finds_a_completion_exactly_if_there_is_one_and_knows_if_it_is_the_only_one(
    structure, seed
) -> None:
    random = np.random.default_rng(seed)
    array = np.full((4, 4), -1)
    for a, b in random.permutation([*product(range(4), repeat=2)])[: 4 + seed % 4]:
        array[a, b] = random.integers(4)
    if seed % 2:
        full = latin_squares(4)[random.integers(576)]
        array = np.where(array >= 0, full, -1)
    known = array >= 0
    allowed = [
        square
        for square in latin_squares(4)
        if (square[known] == array[known]).all() and (structure == "quasigroup" or is_group(square))
    ]
    found = SATCompleter(structure=structure).complete(
        Table.from_array(array), seed=seed, budget=BUDGET
    )
    if not allowed:
        assert found.verdict == f"no {structure} has these cells"
        assert found.proved
        return
    assert any((found.table == square).all() for square in allowed)
    assert found.verdict == f"{'the only' if len(allowed) == 1 else 'one'} {structure}"
    assert found.proved == (len(allowed) == 1)


def test_labels_in_another_order_are_put_back() -> None:
    full = generate_family("S3")
    order = [3, 1, 5, 0, 2, 4]
    table = Table(
        rows=full.rows,
        columns=tuple(full.columns[i] for i in order),
        symbols=full.symbols,
        array=full.array[:, order],
    )
    shown = mask(table, observe=0.8, seed=0)
    found = SATCompleter(structure="group").complete(shown, seed=0, budget=BUDGET)
    assert (found.table == table.array).all()


def test_a_spent_budget_is_no_verdict() -> None:
    table = mask(generate_family("C23"), observe=0.43, seed=0)
    found = SATCompleter().complete(table, seed=0, budget=Budget(steps=1))
    assert found.verdict in ("out of budget", "one quasigroup")
    assert not found.proved
