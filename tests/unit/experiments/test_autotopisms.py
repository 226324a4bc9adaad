"""Autotopisms against the definitions: opaque tables whose symmetries are known."""

import numpy as np
import pytest

from cayley.experiments._completion._autotopisms import (
    complete_by_autotopisms,
    find_autotopism,
    spread,
)
from cayley.experiments.records.autotopisms import add, measure
from cayley.tables import generate_family


def opaque(operation: str, *, observe: float, seed: int = 0):
    """A table mod 11 whose rows, columns and symbols are renamed, and the part that is seen."""
    plain = generate_family(f"mod11:{operation}").array
    random = np.random.default_rng(seed)
    rows, columns, symbols = (random.permutation(11) for _ in range(3))
    table = symbols[plain][np.ix_(rows, columns)]
    return table, np.where(random.random(table.shape) < observe, table, -1), rows


@pytest.mark.parametrize("operation", ["a^2+ab+b^2", "a^3+ab"])
def test_a_found_autotopism_is_one_of_the_whole_table(operation) -> None:
    table, seen, rows = opaque(operation, observe=0.9)
    row, image = (int(np.flatnonzero(rows == residue)[0]) for residue in (1, 2))
    found = find_autotopism(seen, row=row, image=image)
    assert found.rows[row] == image
    assert found.nodes < 100  # of 11!^2 maps
    for maps in (found.rows, found.columns, found.symbols):
        assert sorted(maps) == list(range(11))
    assert (table[np.ix_(found.rows, found.columns)] == found.symbols[table]).all()
    both = (seen >= 0) & (seen[np.ix_(found.rows, found.columns)] >= 0)
    assert found.agreements == both.sum()
    # 11!^3 maps, and as many agreements of probability 1/11 each
    maps = 3 * np.log10(np.arange(1, 12)).sum()
    assert found.log10_chance == pytest.approx(maps - both.sum() * np.log10(11))


def test_rows_that_no_autotopism_joins_are_refuted_or_given_up() -> None:
    _, seen, rows = opaque("a^2+ab+b^2", observe=1.0)
    zero, one = (int(np.flatnonzero(rows == residue)[0]) for residue in (0, 1))
    assert find_autotopism(seen, row=zero, image=one) is None
    assert find_autotopism(seen, row=one, image=zero, most_nodes=0) is None


def test_cells_are_carried_over_rightly_and_only_where_they_are() -> None:
    table, seen, _ = opaque("a^3+ab", observe=0.85)
    found, used = complete_by_autotopisms(seen, tries=8, most_nodes=4000)
    assert (found == table).all()
    assert all(one.log10_chance < -6 for one in used)
    empty = np.full((11, 11), -1)
    assert (spread(empty, used[0]) == -1).all()


def test_a_table_without_symmetry_stays_as_it_is() -> None:
    random = np.random.default_rng(0)
    seen = np.where(random.random((7, 7)) < 0.6, random.integers(7, size=(7, 7)), -1)
    found, used = complete_by_autotopisms(seen, tries=6, most_nodes=300)
    assert used == ()
    assert (found == seen).all()


def test_a_measurement_replaces_an_earlier_one_of_the_same_table(tmp_path) -> None:
    record = measure("a^3+ab", 7, 0.9, 0, tries=4, most_nodes=500)
    assert record["right"] == record["filled"] <= record["hidden"]
    file = tmp_path / "record.json"
    add(record | {"tries": 1}, file)
    add(record, file)
    assert file.read_text().count('"operation"') == 1
    assert '"tries": 4' in file.read_text()
