import numpy as np
import pytest

from cayley.algebra import find_isotopism
from cayley.interpretation.parts._coset_dependence import coset_partitions
from cayley.interpretation.parts._neurons import describe_neurons, neuron_functions
from cayley.interpretation.parts._real_irreducibles import adapted_basis
from cayley.tables import generate_family, isotope


@pytest.mark.parametrize("name", ["S3", "C7"])
def test_means_are_those_of_the_definition_for_an_isotope_too(name):
    """Through the three maps of an isotope, one pair at a time."""
    table = isotope(generate_family(name), seed=2).array
    n, random = len(table), np.random.default_rng(0)
    found = find_isotopism(table)
    neurons = random.standard_normal((n, n, 3))
    functions = neuron_functions(neurons, found)
    centered = neurons - neurons.mean(axis=(0, 1))
    products = found.symbols[table]
    for g in range(n):
        rows, columns = found.rows == g, found.columns == g
        np.testing.assert_allclose(functions.means[0, g], centered[rows].mean(axis=(0, 1)))
        np.testing.assert_allclose(functions.means[1, g], centered[:, columns].mean(axis=(0, 1)))
        np.testing.assert_allclose(functions.means[2, g], centered[products == g].mean(axis=0))
    np.testing.assert_allclose(functions.variance, neurons.var(axis=(0, 1)))


def test_shares_of_the_variance_are_orthogonal():
    """A sum of a function of a, one of b and one of ab is taken apart without a rest."""
    table = generate_family("S4").array
    found, random = find_isotopism(table), np.random.default_rng(1)
    f, g, h = (random.standard_normal(24) for _ in range(3))
    f, g, h = (each - each.mean() for each in (f, g, h))
    neurons = f[:, None] + 2 * g[None] + 3 * h[table] + 5.0
    depends = neuron_functions(neurons[:, :, None], found).depends[:, 0]
    expected = np.array([f.var(), 4 * g.var(), 9 * h.var()])
    np.testing.assert_allclose(depends, expected / expected.sum())


def described(neurons, name="S4"):
    found = find_isotopism(generate_family(name).array)
    return describe_neurons(
        neuron_functions(neurons, found),
        adapted_basis(found.group),
        coset_partitions(found.group),
        layer="x",
        permutations=200,
        random=np.random.default_rng(0),
    )


def test_constant_neurons_have_no_part_and_no_cosets():
    random = np.random.default_rng(0)
    neurons = np.concatenate([np.full((24, 24, 1), 3.0), random.random((24, 24, 1))], axis=2)
    dead, alive = described(neurons)
    assert (dead.irreducible, dead.concentration, dead.claimed, dead.cosets) == (None, 0, False, ())
    assert dead.depends == {"a": 0, "b": 0, "ab": 0}
    assert alive.irreducible is not None


def test_a_neuron_after_the_rectifier_depends_on_the_coset_of_the_product_too():
    """It is active if a is in xH and b in Hy, so its mean over equal products goes by xHy."""
    table = generate_family("S4").array
    subgroup = range(6)  # the first six permutations fix a point
    first, second = np.isin(range(24), table[7, subgroup]), np.isin(range(24), subgroup)
    neurons = (first[:, None] & second[None]).astype(float)[:, :, None]
    (neuron,) = described(neurons)
    assert [(each.of, each.side, each.order) for each in neuron.cosets] == [
        ("a", "left", 6),
        ("b", "right", 6),
        ("ab", "left", 6),
    ]
    assert all(each.share == pytest.approx(1) for each in neuron.cosets)
    assert sum(neuron.depends.values()) < 0.9  # and on the pair


def test_neurons_without_structure_are_rarely_claimed():
    """At 1 % the chance of more than eight in 300 is 0.5 %."""
    neurons = np.random.default_rng(8).standard_normal((24, 24, 300))
    found = described(neurons)
    assert sum(each.claimed for each in found) <= 8
    sharp = sum(each.is_function_of_coset for neuron in found for each in neuron.cosets)
    assert sharp == 0
