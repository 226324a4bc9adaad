"""Automorphism groups of groups, against all maps of generators and against formulas."""

from itertools import product
from math import prod

import numpy as np
import pytest

from cayley.algebra import Group, generated_submagma, identify
from cayley.algebra.groups._schreier_sims import PermutationGroup
from cayley.algebra.identification._automorphisms import automorphisms_of_group
from cayley.algebra.identification._canonical_form import canonical_form
from cayley.tables import generate_family


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def number_by_brute_force(group):
    """Try all images of generators, and count the maps that respect products."""
    generators = group.generators
    words = {group.identity: ()}
    waiting = [group.identity]
    for x in waiting:
        for j, g in enumerate(generators):
            y = int(group.table[x, g])
            if y not in words:
                words[y] = (*words[x], j)
                waiting.append(y)
    count = 0
    for images in product(range(group.order), repeat=len(generators)):
        mapped = np.empty(group.order, np.int64)
        for x, word in words.items():
            value = group.identity
            for j in word:
                value = group.table[value, images[j]]
            mapped[x] = value
        if len(np.unique(mapped)) == group.order:
            count += np.array_equal(mapped[group.table], group.table[np.ix_(mapped, mapped)])
    return count


@pytest.mark.parametrize(
    "name", ["C1", "C2", "C8", "C2xC2", "S3", "Q8", "D8", "A4", "C4xC2", "C12", "16:3", "16:13"]
)
def test_orders_are_those_of_brute_force(name):
    assert automorphisms_of_group(family(name)).order == number_by_brute_force(family(name))


@pytest.mark.parametrize("name", ["24:3", "32:6", "48:29", "27:3", "S5", "60:7", "64:134"])
def test_generators_are_automorphisms_and_generate_as_many(name):
    group = family(name)
    found = automorphisms_of_group(group)
    for each in found.generators:
        assert sorted(each.tolist()) == list(range(group.order))
        assert np.array_equal(each[group.table], group.table[np.ix_(each, each)])
    assert PermutationGroup.generated_by(found.generators).order == found.order
    form = canonical_form(group.table, group=True)
    if form is not None:
        assert found.order == len(form.automorphisms)


@pytest.mark.parametrize("name", ["64:19", "64:200", "96:9"])
def test_colors_alone_do_not_make_an_automorphism(name):
    """In these groups some images of generators have the right colors, and respect no products."""
    group = family(name)
    found = automorphisms_of_group(group)
    for each in found.generators:
        assert np.array_equal(each[group.table], group.table[np.ix_(each, each)])
    assert PermutationGroup.generated_by(found.generators).order == found.order


@pytest.mark.parametrize(("p", "k"), [(2, 2), (2, 3), (2, 5), (2, 7), (3, 3), (5, 3)])
def test_of_elementary_abelian_groups_they_are_all_invertible_matrices(p, k):
    x = np.array(list(product(range(p), repeat=k)))
    weights = p ** np.arange(k)[::-1]
    table = (x[:, None] + x[None]) % p @ weights
    found = automorphisms_of_group(Group.from_table(table))
    assert found.order == prod(p**k - p**i for i in range(k))


@pytest.mark.parametrize(
    ("name", "order", "automorphisms"),
    [("C128", 64, "C32 x C2"), ("D128", 64 * 32, None), ("A5", 120, "S5"), ("S5", 120, "S5"),
     ("C192", 64, "C16 x C2 x C2"), ("PSL(2,7)", 336, None)],
)  # fmt: skip
def test_known_groups(name, order, automorphisms):
    found = automorphisms_of_group(family(name))
    assert found.order == order
    if automorphisms:
        maps = Group.from_permutations(found.generators.tolist(), max_order=200)
        assert identify(maps).name == automorphisms


def test_too_many_images_are_not_tried():
    assert automorphisms_of_group(family("C2xC2xC2"), most=2) is None


def test_generators_generate():
    group = family("48:29")
    found = automorphisms_of_group(group)
    inner = {tuple(group.table[group.table[g], group.inverses[g]].tolist()) for g in range(48)}
    assert found.order % len(inner) == 0
    assert len(generated_submagma(group.table, list(group.generators))) == group.order
