"""Blocks of known groups, given as matrices or permutations, and blocks of the integers."""

import itertools

import numpy as np
import pytest

from cayley.algebra import Structure, identify
from cayley.deduction import Inconsistent
from cayley.deduction.homotopes._group_of_block import group_of_block
from cayley.deduction.homotopes._infinite_order import integer_images
from cayley.deduction.homotopes._phases import phased_presentation, read_phases
from cayley.deduction.todd_coxeter._relations import present
from cayley.tables import Table, generate_family
from cayley.testing import assert_group


def block_of(elements, product, names, *, seen=1.0, rng=None):
    """The products of named elements; a product without a name gets one."""
    named = dict(zip(elements, names, strict=True))
    triples = []
    for a, b in itertools.product(elements, repeat=2):
        result = product(a, b)
        name = named.setdefault(result, f"further {len(named)}")
        if rng is None or rng.random() < seen:
            triples.append((named[a], named[b], name))
    symbols = list(dict.fromkeys(each[2] for each in triples))
    table = Table.from_triples(triples, rows=names, columns=names, symbols=symbols)
    return table, {name: element for element, name in named.items()}


def canonical(matrix):
    """A matrix up to a factor, as a hashable value."""
    flat = matrix.ravel()
    return tuple(np.round(flat / flat[np.flatnonzero(abs(flat) > 1e-6)[0]], 5) + 0)


def clifford_block():
    """Fifteen one-qubit Clifford gates and their products up to a phase."""
    one = np.eye(2)
    x, y, z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
    h, s = (x + z) / 2**0.5, np.diag([1, 1j])
    t, v = s.conj().T, h @ s @ h
    gates = {"I": one, "X": x, "Y": y, "Z": z, "H": h, "S": s, "Sdg": t, "SX": v}
    gates |= {"SXdg": v.conj().T, "SY": one - 1j * y, "SYdg": one + 1j * y}
    gates |= {"HS": h @ s, "SH": s @ h, "HSdg": h @ t, "SdgH": t @ h}
    keys = [canonical(gate) for gate in gates.values()]

    def product(a, b):
        return canonical(np.reshape(a, (2, 2)) @ np.reshape(b, (2, 2)))

    return block_of(keys, product, list(gates))[0]


def test_fifteen_clifford_gates_generate_the_group_of_order_24():
    table = clifford_block()
    assert (len(table.rows), len(table.symbols)) == (15, 24)
    block = group_of_block(table)
    assert (block.status, block.order, block.unique) == ("finite", 24, "yes")
    assert str(identify(block.table)) == "S4 (GAP 24:12)"
    assert block.table.rows[:15] == table.rows
    assert block.identity == "I"
    assert block.words == {}
    for left, right, result in table.triples():
        assert block.table[left, right] == result


@pytest.mark.parametrize("share", [0.25, 0.4])
def test_a_part_of_the_products_is_enough(share):
    table = clifford_block()
    seen = np.random.default_rng(1).random((15, 15)) < share
    block = group_of_block(table.with_array(np.where(seen, table.array, -1)))
    assert (block.order, block.unique) == (24, "yes")
    for left, right, result in table.triples():
        if not {left, right, result} & set(block.unplaced):
            assert block.table[left, right] == result


def test_further_elements_are_products_of_labels():
    """Seven permutations and their products, of which some elements of S4 are none."""
    rng = np.random.default_rng(2)
    elements = [tuple(each) for each in itertools.permutations(range(4))]

    def product(a, b):
        return tuple(b[i] for i in a)

    chosen = [elements[i] for i in rng.permutation(24)[:6]]
    table, element_of = block_of(chosen, product, [f"p{i}" for i in range(6)])
    block = group_of_block(table)
    assert block.order == 24
    assert_group(block.table.array)
    assert block.table.rows[: len(element_of)] == (
        *table.rows,
        *block.table.rows[6 : len(element_of)],
    )
    assert len(block.words) == 24 - len(element_of) > 0
    for name, word in block.words.items():
        element = (0, 1, 2, 3)
        for label in word:
            element = product(element, element_of[label])
        element_of[name] = element
    assert len(set(element_of.values())) == 24
    for left, right, result in block.table.triples():
        assert product(element_of[left], element_of[right]) == element_of[result]


def test_every_group_with_the_block_is_a_quotient():
    """Whatever block of whatever group: words give a homomorphism onto what the labels generate."""
    rng = np.random.default_rng(0)
    outcomes = set()
    for name in ["C6", "S3", "Q8", "D8", "C2xC2xC2", "A4", "C3xC3"] * 4:
        array = generate_family(name).array
        size = int(rng.integers(2, 5))
        chosen = rng.permutation(len(array))[:size].tolist()
        names = [f"g{i}" for i in range(size)]
        table, element_of = block_of(chosen, lambda a, b: int(array[a, b]), names)  # noqa: B023
        block = group_of_block(table, max_order=60)
        assert not isinstance(block, Inconsistent)
        outcomes.add(block.status)
        if block.table is None:
            continue
        images = dict(element_of)
        for further, word in block.words.items():
            image = 0
            for label in word:
                image = int(array[image, images[label]])
            images[further] = image
        for left, right, result in block.table.triples():
            assert array[images[left], images[right]] == images[result]
        generated = len(set(images.values()))
        if block.unique == "yes":
            assert generated == block.order
        assert generated == block.order or generated in block.smaller
    assert outcomes >= {"finite", "infinite"}


def test_a_block_may_generate_smaller_groups_as_well():
    """1, 2, 4 and 8 modulo 15, each the double of the one before, are different modulo 5 too."""
    doubles = [("1", "1", "2"), ("2", "2", "4"), ("4", "4", "8"), ("8", "8", "1")]
    block = group_of_block(Table.from_triples(doubles, labels=["1", "2", "4", "8"]))
    assert (block.order, block.unique, block.smaller) == (15, "no", (5,))
    more = [*doubles, ("8", "2", "10")]  # which is 0 modulo 5
    labels = ["1", "2", "4", "8", "10"]
    assert group_of_block(Table.from_triples(more, labels=labels)).smaller == (5,)
    more += [("10", "1", "11")]  # and 11 is 1
    block = group_of_block(Table.from_triples(more, labels=[*labels, "11"]))
    assert (block.order, block.unique, block.smaller) == (15, "yes", ())


def test_sums_of_integers_generate_an_infinite_group():
    labels = [str(i) for i in range(6)]
    triples = [(a, b, str(int(a) + int(b))) for a in labels for b in labels]
    symbols = [str(i) for i in range(11)]
    table = Table.from_triples(triples, rows=labels, columns=labels, symbols=symbols)
    block = group_of_block(table)
    assert (block.status, block.order, block.unique) == ("infinite", None, "unknown")
    assert "infinite group" in block.reason


def test_a_group_without_end_is_open():
    """Three involutions: the group is infinite, and has no homomorphism to the integers."""
    triples = [("e", x, x) for x in "exyz"] + [(x, "e", x) for x in "xyz"]
    triples += [(x, x, "e") for x in "xyz"]
    block = group_of_block(Table.from_triples(triples, labels="exyz"), max_order=50)
    assert (block.status, block.table) == ("open", None)
    assert "`max_order` = 50" in block.reason


def test_a_group_above_the_limit_is_open():
    table, _ = block_of(range(5), lambda a, b: (a + b) % 7, [str(i) for i in range(5)])
    assert group_of_block(table).order == 7
    block = group_of_block(table, max_order=6)
    assert (block.status, block.reason) == (
        "open",
        "the group has 7 elements, more than `max_order` = 6",
    )


def test_labels_that_coincide_are_shown_by_their_cells():
    table = clifford_block()
    array = np.array(table.array)
    array[3, 4] = (array[3, 4] + 1) % 24
    answer = group_of_block(table.with_array(array))
    assert isinstance(answer, Inconsistent)
    assert answer.minimal
    cells = table.with_array(array).observations[list(answer.evidence)]
    assert [3, 4] in cells[:, :2].tolist()
    assert len(cells) <= 8
    part = np.full((15, 15), -1)
    part[cells[:, 0], cells[:, 1]] = cells[:, 2]
    assert isinstance(group_of_block(table.with_array(part)), Inconsistent)


def test_labels_without_cells_are_named():
    table = Table.from_triples(
        [("e", "e", "e"), ("e", "a", "a"), ("a", "a", "e")], labels=["e", "a", "x1", "b"]
    )
    block = group_of_block(table)
    assert block.unplaced == ("x1", "b")
    assert block.table.rows == ("e", "a")


def test_names_of_further_elements_are_no_labels():
    table = Table.from_triples([("x1", "x1", "x2"), ("x2", "x2", "x1")], labels=["x1", "x2"])
    block = group_of_block(table)
    assert block.order == 3
    assert block.table.rows == ("x1", "x2", "x3")
    assert (block.identity, block.words["x3"]) == ("x3", ())


def test_homomorphisms_to_the_integers_hold_and_finite_groups_have_none():
    for name in ["C6", "Q8", "A4"]:
        array = generate_family(name).array
        a, b = np.indices(array.shape).reshape(2, -1)
        cells = np.stack([a, b, array[a, b]], axis=1)
        presentation = present(cells, len(array), assume=Structure.GROUP, gauge=(0, 0))
        assert integer_images(presentation) is None
    rng = np.random.default_rng(0)
    numbers = 0
    for _ in range(50):
        cells = rng.integers(6, size=(4, 3))
        presentation = present(cells, 6, assume=Structure.GROUP, gauge=(0, 0))
        images = integer_images(presentation)
        p, q, r = presentation.relations.T
        free = presentation.num_generators - 1 > len(presentation.relations)
        assert (images is not None) >= free
        if images is not None:
            numbers += 1
            assert images.any()
            assert images[0] == 0
            assert (images[p] + images[q] == images[r]).all()
    assert 0 < numbers < 50


def test_four_paulis_with_phases_generate_the_group_of_order_16():
    """Every product of the answer is compared with the matrices."""
    x, y, z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
    paulis = {"I": np.eye(2), "X": x, "Y": y, "Z": z}
    phases = {"": 1, "i": 1j, "-": -1, "-i": -1j}
    matrices = {
        phase + name: factor * matrix
        for phase, factor in phases.items()
        for name, matrix in paulis.items()
    }

    def name_of(matrix):
        return next(name for name, each in matrices.items() if np.allclose(each, matrix))

    triples = [(a, b, name_of(paulis[a] @ paulis[b])) for a in paulis for b in paulis]
    symbols = list(dict.fromkeys(each[2] for each in triples))
    table = Table.from_triples(triples, rows="IXYZ", columns="IXYZ", symbols=symbols)
    block = group_of_block(table)
    assert (block.order, block.unique, block.identity) == (16, "yes", "I")
    assert identify(block.table).gap_id == (16, 13)
    assert block.premise == "'iZ' is read as i times 'Z', -1 and i being central"
    assert set(block.table.rows) == set(matrices)
    for left, right, result in block.table.triples():
        assert name_of(matrices[left] @ matrices[right]) == result


def test_phases_are_read_only_where_the_group_is_not_found_without():
    """Quaternions: -1, -i, -j and -k are labels like others, and eight elements are found."""
    units = {"1": (0, 0), "i": (1, 0), "j": (2, 0), "k": (3, 0)}
    third = {(1, 2): 3, (2, 3): 1, (3, 1): 2}

    def product(a, b):
        (p, s), (q, t) = a, b
        if 0 in (p, q):
            return (p + q, s ^ t)
        if p == q:
            return (0, s ^ t ^ 1)
        return (third[p, q], s ^ t) if (p, q) in third else (third[q, p], s ^ t ^ 1)

    names = {**units, **{"-" + name: (p, 1) for name, (p, _) in units.items()}}
    name_of = {element: name for name, element in names.items()}
    triples = [(a, b, name_of[product(units[a], units[b])]) for a in units for b in units]
    table = Table.from_triples(triples, rows=list(units), columns=list(units), symbols=list(names))
    block = group_of_block(table)
    assert (block.order, block.premise) == (8, "")
    assert str(identify(block.table)).startswith("Q8")


def test_phases_that_would_make_labels_equal_are_not_read():
    """Y X = -X would make Y the phase -1, and X Y = -Y would make X the same."""
    triples = [("e", a, a) for a in "eXY"] + [(a, "e", a) for a in "XY"]
    triples += [("X", "X", "e"), ("Y", "Y", "e"), ("Y", "X", "-X"), ("X", "Y", "-Y")]
    table = Table.from_triples(
        triples, rows="eXY", columns="eXY", symbols=["e", "X", "Y", "-X", "-Y"]
    )
    block = group_of_block(table, max_order=50)
    assert (block.status, block.premise) == ("open", "")


def test_a_sign_alone_brings_no_root_of_minus_one():
    """Reflections with X Z = - Z X and nothing more: -1 is central, and the group has order 8."""
    triples = [("e", a, a) for a in "eXZ"] + [(a, "e", a) for a in "XZ"]
    triples += [
        ("X", "X", "e"),
        ("Z", "Z", "e"),
        ("W", "e", "W"),
        ("X", "Z", "W"),
        ("Z", "X", "-W"),
    ]
    table = Table.from_triples(
        triples, rows="eXZW", columns="eXZW", symbols=["e", "X", "Z", "W", "-W"]
    )
    block = group_of_block(table)
    assert str(identify(block.table)).startswith("D8")
    assert block.premise == "'-W' is read as -1 times 'W', -1 being central"
    assert set(block.table.rows) == {"e", "X", "Z", "W", "-e", "-X", "-Z", "-W"}


def test_phases_commute_with_every_operand():
    names = ["X", "Z", "-X", "iZ"]
    cells = np.array([[0, 0, 2], [1, 1, 3]])
    presentation, further = phased_presentation(cells, names, read_phases("XZ", names))
    assert further == ["i", "-", "-i", "iX", "-iX", "-Z", "-iZ"]
    number = dict(zip(names, presentation.labels[0].tolist(), strict=False))
    number |= dict(zip(further, presentation.labels[1].tolist(), strict=True))
    relations = presentation.relations.tolist()
    for phase in ("i", "-", "-i"):
        for operand in ("X", "Z"):
            product = number[phase + operand]
            assert [number[phase], number[operand], product] in relations
            assert [number[operand], number[phase], product] in relations


@pytest.mark.parametrize(
    ("operands", "further", "expected"),
    [
        ("XZ", ["\u2212X", "-iZ"], {"\u2212X": (2, "X"), "-iZ": (3, "Z")}),
        ("ij", ["-i", "ij"], None),
        ("ij", ["-i", "-j"], {"-i": (2, "i"), "-j": (2, "j")}),
        ("X", ["2X"], None),
        ("X", [], None),
    ],
)
def test_only_signs_and_i_in_front_of_operands_are_phases(operands, further, expected):
    assert read_phases(list(operands), [*operands, *further]) == expected


def test_wrong_limits_are_refused():
    table = Table.from_array([[0]])
    with pytest.raises(ValueError, match="`max_order` must be at least 1; got 0"):
        group_of_block(table, max_order=0)
    with pytest.raises(ValueError, match="`time_limit` must not be negative"):
        group_of_block(table, time_limit=-1.0)
