import numpy as np
import pytest

from cayley.interpretation.parts._real_irreducibles import (
    adapted_basis,
    independent_generators,
    part_energies,
)
from cayley.representations import regular_representation
from cayley.representations._real_blocks import real_blocks

GROUPS = ["C1", "C2", "S3", "Q8", "C2xC4", "C12", "21:1", "S4", "24:3"]


@pytest.mark.parametrize("name", GROUPS)
def test_the_basis_spans_the_parts_that_the_characters_define(name, group_of, projection):
    group = group_of(name)
    found = adapted_basis(group)
    n = group.order
    np.testing.assert_allclose(found.basis.T @ found.basis, np.eye(n), atol=1e-10)
    for part in range(len(found.irreducibles)):
        np.testing.assert_allclose(
            found.projected(np.eye(n), [part]), projection(group, [part]), atol=1e-9
        )


@pytest.mark.parametrize("name", GROUPS)
def test_energies_sum_to_the_squared_norm(name, group_of):
    group = group_of(name)
    functions = np.random.default_rng(0).standard_normal((group.order, 5))
    energies = part_energies(adapted_basis(group), functions)
    np.testing.assert_allclose(energies.sum(axis=0), (functions**2).sum(axis=0))


@pytest.mark.parametrize("name", ["Q8", "21:1", "24:3", "S4"])
def test_names_are_those_of_real_blocks_of_the_regular_representation(name, group_of):
    group = group_of(name)
    names = dict.fromkeys(real_blocks(regular_representation(group)).names)
    assert [each.name for each in adapted_basis(group).irreducibles] == list(names)


@pytest.mark.parametrize("name", ["S4", "Q8", "21:1"])
def test_energies_do_not_change_under_translations_from_either_side(name, group_of):
    group = group_of(name)
    basis = adapted_basis(group)
    function = np.random.default_rng(1).standard_normal((group.order, 3))
    before = part_energies(basis, function)
    for g in group.generators:
        for moved in (group.table[g], group.table[:, g]):
            np.testing.assert_allclose(part_energies(basis, function[moved]), before, atol=1e-9)


def test_frequencies_are_those_of_waves(group_of):
    basis = adapted_basis(group_of("C12"))
    assert basis.generators == (1,)
    assert sorted(each.frequency for each in basis.irreducibles) == [(k,) for k in range(7)]
    for k in range(7):
        wave = np.cos(2 * np.pi * k * np.arange(12) / 12 + 0.3)
        (part,) = np.flatnonzero(part_energies(basis, wave[:, None])[:, 0] > 1e-9)
        assert basis.irreducibles[part].frequency == (k,)


@pytest.mark.parametrize("name", ["C2xC4", "C2xC2xC2", "C6xC4", "C1", "C9xC3"])
def test_independent_generators_write_every_element_once(name, group_of):
    group = group_of(name)
    generators = independent_generators(group)
    orders = group.element_orders[list(generators)].tolist()
    assert orders == sorted(orders, reverse=True)
    reached = [group.identity]
    for g in generators:
        powers = [group.identity]
        while (after := int(group.table[powers[-1], g])) != group.identity:
            powers.append(after)
        reached = [int(group.table[x, y]) for x in reached for y in powers]
    assert sorted(reached) == list(range(group.order))
