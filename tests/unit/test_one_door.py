"""Every public function on tables takes a Table, a Group, an array or nested lists alike."""

import dataclasses
import inspect

import numpy as np
import pytest
import torch
from matplotlib.text import Text

from cayley import algebra
from cayley.algebra import Group
from cayley.completion import solve
from cayley.tables import Table, generate_family, shuffle

# Functions about a group, and functions about any full table; what follows is given besides.
ON_GROUPS = [
    "abelian_invariants",
    "center",
    "character_table",
    "conjugacy_classes",
    "derived_series",
    "derived_subgroup",
    "describe",
    "is_nilpotent",
    "is_perfect",
    "is_simple",
    "is_solvable",
    "lower_central_series",
    "short_presentation",
    "subgroup_lattice",
]
ON_TABLES = {
    "analyze": (),
    "find_isotopism": (),
    "generated_submagma": ([0],),
    "generating_set": (),
    "has_absorbing_element": (),
    "has_identity": (),
    "has_inverses": (),
    "has_left_identity": (),
    "has_right_identity": (),
    "identify": (),
    "is_associative": (),
    "is_commutative": (),
    "is_flexible": (),
    "is_idempotent": (),
    "is_latin_square": (),
    "is_left_alternative": (),
    "is_left_cancellative": (),
    "is_right_alternative": (),
    "is_right_cancellative": (),
    "is_unipotent": (),
}
# These take two tables, an isotopism, or are about the form of what they are given.
TESTED_BELOW = {"is_homomorphism", "is_isomorphism", "verify_isotopism", "to_gap", "to_latex"}
ON_OTHER_THINGS = {"format_character_table", "format_description"}

GROUPS = ["C1", "C4", "S3", "Q8", "A4", "A5"]
OTHERS = ["mod5:a-b", "mod4:ab", "S3:aba^-1", "mod5:a^2+ab"]


def forms(name):
    """Return one operation in every form, and disguised as a Table with its columns shuffled."""
    table = shuffle(generate_family(name), seed=1)
    array = table.array
    order = np.random.default_rng(2).permutation(len(array))
    names = tuple(table.rows[i] for i in order)
    mixed = Table(
        rows=table.rows,
        columns=names,
        symbols=names,
        array=np.argsort(order)[array[:, order]],
    )
    numbered = Table.from_array(array)
    return array, [numbered, table, mixed, array.tolist(), np.array(array, np.int16)]


def plain(value):
    """Turn what the functions return into numbers and strings that compare by content."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Group):
        return value.table.tolist()
    if dataclasses.is_dataclass(value):
        names = [item.name for item in dataclasses.fields(value)]
        return [type(value).__name__, *((name, plain(getattr(value, name))) for name in names)]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def test_no_function_is_forgotten():
    functions = {name for name in algebra.__all__ if inspect.isfunction(getattr(algebra, name))}
    assert functions == {*ON_GROUPS, *ON_TABLES, *TESTED_BELOW, *ON_OTHER_THINGS}


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("function", ON_GROUPS)
def test_functions_on_groups(function, name):
    ask = getattr(algebra, function)
    array, others = forms(name)
    # otherwise elements are named after the labels of the tables, which differ
    options = {"labels": list(map(str, range(len(array))))} if function == "describe" else {}
    expected = plain(ask(Group.from_table(array), **options))
    assert plain(ask(array, **options)) == expected
    for other in others:
        assert plain(ask(other, **options)) == expected


@pytest.mark.parametrize("name", [*GROUPS, *OTHERS])
@pytest.mark.parametrize("function", ON_TABLES)
def test_functions_on_tables(function, name):
    array, others = forms(name)
    arguments = ON_TABLES[function]
    others = [*others, Group.from_table(array)] if name in GROUPS else others
    ask = getattr(algebra, function)
    if function == "identify" and name in GROUPS:
        # a Group is known to be one: its isotopism is the identity and not searched for
        assert str(ask(others.pop())) == str(ask(array))
    expected = plain(ask(array, *arguments))
    for other in others:
        assert plain(ask(other, *arguments)) == expected


def test_maps_between_tables():
    array, others = forms("S3")
    mapping = np.arange(6)
    for source in (array, *others, Group.from_table(array)):
        for target in (array, *others, Group.from_table(array)):
            assert algebra.is_homomorphism(source, target, mapping)
            assert algebra.is_isomorphism(source, target, mapping)
        found = algebra.find_isotopism(array)
        assert algebra.verify_isotopism(source, found)


def test_exports_take_arrays_and_groups():
    table = generate_family("S3")
    numbered = Table.from_array(table.array)
    group = Group.from_table(table)
    for source in (numbered, table.array, table.array.tolist()):
        assert algebra.to_gap(source) == algebra.to_gap(numbered)
    for source in (table.array, table.array.tolist(), group):
        assert algebra.to_latex(source) == algebra.to_latex(numbered)
    partial = [[0, -1], [1, 0]]
    assert algebra.to_gap(partial) == algebra.to_gap(Table.from_array(partial))


def test_describe_names_elements_as_the_table_does():
    table = generate_family("S3")
    assert algebra.describe(table) == algebra.describe(table.array, labels=table.rows)


def test_a_table_over_several_alphabets_is_no_group():
    array = generate_family("C3").array
    table = Table(rows="abc", columns="xyz", symbols="012", array=array)
    with pytest.raises(ValueError, match="one alphabet to be the table of a group"):
        algebra.center(table)
    assert algebra.identify(table).structure == "group isotope"


@pytest.mark.parametrize("function", [*ON_GROUPS, *ON_TABLES])
def test_a_missing_cell_is_named(function):
    table = Table.from_array([[0, 1], [1, -1]], labels=["e", "x y"])
    arguments = ON_TABLES.get(function, ())
    with pytest.raises(ValueError, match="the product of 'x y' and 'x y' is missing"):
        getattr(algebra, function)(table, *arguments)


def test_representations_take_every_form() -> None:
    from cayley.equivariance import EquivariantLinear
    from cayley.representations import (
        GroupAction,
        Representation,
        Subgroup,
        irreducible_representations,
        nearest_representation,
        regular_representation,
        trivial_representation,
    )

    array, others = forms("S3")
    for source in (Group.from_table(array), *others):
        assert [rho.degree for rho in irreducible_representations(source)] == [1, 1, 2]
        assert regular_representation(source).group.table.tolist() == array.tolist()
        assert trivial_representation(source).character.tolist() == [1.0] * 6
        assert GroupAction.regular(source).is_regular
        assert Subgroup.generated_by(source, range(6)).index == 1
        sign = irreducible_representations(source)[1]
        again = Representation.from_matrices(source, sign.matrices)
        assert torch.equal(again.character, sign.character)
        assert nearest_representation(sign.matrices, source).converged
        assert EquivariantLinear(source, sign, sign).weight.shape == (1, 1, 1, 1)
    with pytest.raises(ValueError, match="group"):
        regular_representation([[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="group"):
        Representation.from_matrices([[0, 0], [1, 1]], np.ones((2, 1, 1)))


@pytest.mark.parametrize("kind", ["table", "provenance", "cayley-graph", "normal-subgroups"])
def test_figures_take_tables_and_solutions(kind: str) -> None:
    from cayley.report import render_report
    from cayley.report.figures._figure_kinds import FIGURES

    draw = FIGURES[kind].draw
    # Labels as an array has them: longer ones are written in two lines, and are more texts.
    table = Table.from_array(generate_family("S3").array)
    texts = [text.get_text() for text in draw(solve(table)).findobj(Text)]
    for source in (table, table.array, Group.from_table(table)):
        drawn = [text.get_text() for text in draw(source).findobj(Text)]
        assert len(drawn) == len(texts)
        assert "S3" in render_report(source)
    assert [text.get_text() for text in draw(table).findobj(Text)] == texts
