"""What ends a run is exact, and safe where observations are wrong."""

import numpy as np
import pytest

from cayley.synchronization._acceptance import exact_acceptance
from cayley.synchronization._partial_operation import PartialOperation
from cayley.tables import Table, add_noise, generate_family, isotope, mask

S4 = generate_family("S4").array


def acceptance(triples, assume="group", sizes=(24, 24, 24)):
    return exact_acceptance(
        PartialOperation.checked(triples, sizes=sizes, assume=assume, weights=None)
    )


def observations(array, observe=0.5, noise=0.0, seed=0):
    partial = mask(Table.from_array(array), observe=observe, seed=seed)
    return (add_noise(partial, noise=noise, seed=seed) if noise else partial).observations


def test_a_group_with_all_observations_is_accepted() -> None:
    assert acceptance(observations(S4))(S4)


def test_near_misses_are_refused() -> None:
    accept = acceptance(observations(S4))
    broken = S4.copy()
    broken[3, 4], broken[3, 5] = broken[3, 5], broken[3, 4]
    assert not accept(broken)
    assert not accept(np.zeros_like(S4))
    other = generate_family("D24").array
    assert not accept(other)
    assert not acceptance(observations(S4[::-1]))(S4)


def test_an_isotope_is_no_group_but_an_isotope() -> None:
    twisted = isotope(Table.from_array(S4), seed=1).array
    assert acceptance(observations(twisted), "isotope")(twisted)
    assert not acceptance(observations(twisted), "group")(twisted)


@pytest.mark.parametrize("assume", ["group", "isotope"])
def test_wrong_entries_are_tolerated_but_rivals_are_not(assume) -> None:
    noisy = observations(S4, observe=0.8, noise=0.3)
    accept = acceptance(noisy, assume)
    assert accept(S4)
    exchanged = np.arange(24)
    exchanged[[3, 7]] = 7, 3
    rival = exchanged[S4[np.ix_(exchanged, exchanged)]] if assume == "group" else S4[exchanged]
    assert not accept(rival)


def test_an_isotope_is_refused_while_two_labels_could_be_exchanged() -> None:
    """No observation tells row 5 from row 6, and some entries are wrong."""
    noisy = observations(S4, observe=0.8, noise=0.2)
    silent = noisy[(noisy[:, 0] != 5) & (noisy[:, 0] != 6)]
    assert acceptance(noisy, "isotope")(S4)
    assert not acceptance(silent, "isotope")(S4)


def test_actions() -> None:
    regular = observations(S4)
    assert acceptance(regular, "action")(S4)
    cosets = generate_family("C6").array[:, :3] % 3  # C6 on 3 points: rows repeat
    triples = [[0, 0, 0], [1, 0, 1], [2, 0, 2]]
    assert not acceptance(triples, "action", (6, 3, 3))(cosets)
    faithful = generate_family("C3").array
    accept = acceptance(triples, "action", (3, 3, 3))
    assert accept(faithful)
    assert not accept(faithful[[0, 2, 1]])  # contradicts, and chance would explain three cells
    assert not accept(np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0]]))  # not closed
