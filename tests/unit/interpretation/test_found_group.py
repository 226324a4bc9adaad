import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.completion import solve
from cayley.interpretation import _found_group
from cayley.interpretation._found_group import found_group, table_of_symbols
from cayley.interpretation._quadrangles import is_like_a_group
from cayley.tables import Table, add_noise, generate_family, isotope


def found(answers, n, **options):
    settings = {"truth": None, "group": None, "seed": 0, "time_limit": 60.0}
    return found_group(answers, n, **(settings | options))


@pytest.mark.parametrize("wrong", [0.0, 0.03, 0.3])
@pytest.mark.parametrize("name", ["S4", "A5", "C97"])
def test_groups_with_wrong_entries_are_told_from_tables_without_structure(name, wrong):
    table = add_noise(isotope(generate_family(name), seed=0), noise=wrong, seed=1).array
    random = np.random.default_rng(0)
    assert is_like_a_group(table, random)
    # The same symbols in the same rows, in another order.
    assert not is_like_a_group(random.permuted(table, axis=1), random)


def test_tables_in_which_no_rectangle_has_three_corners_in_common_are_not():
    assert not is_like_a_group(np.zeros((1, 1), int), np.random.default_rng(0))


def test_where_a_group_is_likely_and_not_found_an_isotope_is_asked_for(monkeypatch):
    """As for large tables with wrong entries, which the first search leaves early."""
    noisy = add_noise(generate_family("S4"), noise=0.03, seed=0)
    asked = []

    def hasty(table, *, assume="auto", **options):
        asked.append(assume)
        other = generate_family("mod5:a^2+b^2")
        return solve(other) if assume == "auto" else solve(table, assume=assume, **options)

    monkeypatch.setattr(_found_group, "solve", hasty)
    known = found(noisy.array, 24)
    assert asked == ["auto", "isotope"]
    assert known.solution.assume == Structure.GROUP_ISOTOPE
    assert (known.reference.array == generate_family("S4").array).all()
    assert "quadrangle criterion" in known.notes[0]


@pytest.mark.slow
def test_s5_with_three_percent_wrong():
    truth = generate_family("S5")
    known = found(add_noise(truth, noise=0.03, seed=0).array, 120)
    assert known.solution.identification.name == "S5"
    assert (known.reference.array == truth.array).all()


def test_the_truth_gives_labels_and_is_what_answers_are_compared_with():
    truth = Table.from_array([[0, 1], [1, 0]], labels="ea")
    known = found(truth.array, 2, truth=truth)
    assert known.answers == truth
    assert known.reference == truth
    assert known.standing == "found"


def test_answers_of_another_group_than_the_one_given_are_said_to_be():
    cyclic, klein = generate_family("C4").array, generate_family("C2xC2")
    known = found(cyclic, 4, group=klein)
    assert known.standing == "given"
    assert "another table than the one given" in known.notes[0]
    against = found(cyclic, 4, truth=klein)
    assert against.standing == "found"
    assert "another table than the truth" in against.notes[0]


def test_tables_over_other_symbols_are_refused():
    with pytest.raises(ValueError, match="`truth` must be full; 1 cells"):
        table_of_symbols([[0, 1], [1, None]], 2, name="truth")
    with pytest.raises(ValueError, match="`truth` must be a table of 3 rows"):
        table_of_symbols([[0, 1], [1, 0]], 3, name="truth")
