"""The bundled tables: what they say they are, and that the known cells force the rest.

The proofs here are independent of the library: closure under the group laws, all Latin squares,
and linear algebra modulo 11.
"""

import itertools
import runpy
from pathlib import Path

import numpy as np
import pytest

from cayley.tables import Table, generate_family, read_table, small_group

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "tables"
TRUTHS = ROOT / "tests" / "data" / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.csv"))
GROUPS = {
    "aranda_subsections": "D8",
    "c3v_partial": "S3",
    "d4h_triples": "C2xD8",
    "dihedral12_noisy": "D12",
    "kariera_sections": "C2xC2",
    "neo_riemannian": "D24",
    "s3_61_percent": "S3",
}
KNOWN = {
    "aranda_subsections": 29,
    "c3v_partial": 22,
    "d4h_triples": 102,
    "dihedral12_noisy": 144,
    "kariera_sections": 9,
    "neo_riemannian": 202,
    "s3_61_percent": 22,
    "subtraction_mod11_isotope": 73,
}


def example(name):
    return read_table(EXAMPLES / f"{name}.csv")


def truth(name):
    return read_table(TRUTHS / f"{name}.json")


def aligned(table, full):
    """Return the known cells as indices into the labels of the full table."""
    assert set(table.rows) == set(full.rows)
    assert set(table.columns) == set(full.columns)
    assert set(table.symbols) == set(full.symbols)
    return Table.from_triples(
        table.triples(), rows=full.rows, columns=full.columns, symbols=full.symbols
    ).array


def test_every_example_has_a_truth_and_a_line():
    assert sorted(KNOWN) == NAMES == sorted(path.stem for path in TRUTHS.glob("*.json"))
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        known, size = example(name).num_observed, example(name).array.size
        assert known == KNOWN[name]
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{name}.csv`"))
        assert f"| {known} of {size} |" in line


def test_the_script_makes_exactly_these_files(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")  # as where it is run by its name
    script = runpy.run_path(str(ROOT / "scripts" / "generate_example_tables.py"))
    script["main"].__globals__.update(PARTIAL=tmp_path / "partial", TRUTH=tmp_path / "truth")
    script["main"]()
    for name in NAMES:
        for made, kept in (("partial", EXAMPLES), ("truth", TRUTHS)):
            suffix = "csv" if made == "partial" else "json"
            file = f"{name}.{suffix}"
            assert (tmp_path / made / file).read_bytes() == (kept / file).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_known_cells_are_true(name):
    known, full = aligned(example(name), truth(name)), truth(name).array
    assert truth(name).is_full
    wrong = ((known >= 0) & (known != full)).sum()
    assert wrong == (4 if name == "dihedral12_noisy" else 0)


@pytest.mark.parametrize("name", GROUPS)
def test_truths_are_the_groups_they_say(name):
    table = truth(name)
    assert is_isomorphic(table.array, generate_family(GROUPS[name]).array)


def test_kariera_and_aranda_by_their_rules(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    script = runpy.run_path(str(ROOT / "scripts" / "generate_example_tables.py"))
    for rules, group, lines in (
        ("KARIERA", small_group(4, 2), 2),
        ("ARANDA", small_group(8, 3), 4),
    ):
        husbands, wives, children = zip(*script[rules], strict=True)
        assert set(husbands) == set(wives) == set(children)
        spouse, child_of_man = (
            dict(zip(husbands, wives, strict=True)),
            dict(zip(husbands, children, strict=True)),
        )
        child_of_woman = dict(zip(wives, children, strict=True))
        for section in husbands:
            assert spouse[spouse[section]] == section
            assert child_of_man[child_of_man[section]] == section
            assert cycle_length(child_of_woman, section) == lines
        moves = {
            tuple(rule[s] for s in husbands) for rule in (spouse, child_of_man, child_of_woman)
        }
        found = closure(moves, husbands)
        # Regular: as many elements as sections, and only one fixes a section.
        assert len(found) == len(husbands) == group.order
        assert all(len({move[i] for move in found}) == len(husbands) for i in range(len(husbands)))


def cycle_length(rule, start):
    point, length = rule[start], 1
    while point != start:
        point, length = rule[point], length + 1
    return length


def closure(moves, points):
    found = {tuple(points)}
    while True:
        more = {tuple(move[points.index(p)] for p in old) for old in found for move in moves}
        if more <= found:
            return found
        found |= more


@pytest.mark.parametrize("name", [name for name in GROUPS if name != "dihedral12_noisy"])
def test_known_cells_force_the_group(name):
    known = aligned(example(name), truth(name))
    assert np.array_equal(close_under_group_laws(known), truth(name).array)


@pytest.mark.parametrize(
    "name", ["c3v_partial", "s3_61_percent", "kariera_sections", "aranda_subsections"]
)
def test_known_cells_force_the_isotope(name):
    squares = latin_completions(aligned(example(name), truth(name)))
    isotopes = [square for square in squares if is_group_isotope(square)]
    assert len(isotopes) == 1
    assert np.array_equal(isotopes[0], truth(name).array)
    if name in ("c3v_partial", "s3_61_percent"):
        # The Latin property alone does not settle them.
        assert len(squares) > 1


def test_known_cells_force_the_subtraction():
    # The only group of order 11 is cyclic, so an isotope is a solution of f(a) + g(b) = h(a o b)
    # modulo 11. Shifts of f and g and a common factor leave the table alone: three dimensions.
    name = "subtraction_mod11_isotope"
    assert solutions_modulo(aligned(example(name), truth(name)), 11) == 3
    assert solutions_modulo(truth(name).array, 11) == 3
    assert is_group_isotope(truth(name).array)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_used_several_times(name):
    known = aligned(example(name), truth(name))
    assert (known >= 0).sum(axis=0).min() >= 2
    assert (known >= 0).sum(axis=1).min() >= 2
    assert set(known[known >= 0].tolist()) == set(range(len(known)))


def is_isomorphic(one, other):
    """Whether two groups with identity 0 are isomorphic, by mapping two or three generators."""
    n = len(one)
    for number in (1, 2, 3):
        for generators in itertools.combinations(range(n), number):
            if len(extend({0: 0}, dict.fromkeys(generators, None), one, one) or {}) != n:
                continue
            for images in itertools.permutations(range(n), number):
                chosen = dict(zip(generators, images, strict=True))
                found = extend({0: 0}, chosen, one, other)
                if found and len(set(found.values())) == n:
                    return True
            return False
    return False


def extend(start, chosen, one, other):
    """Extend a map of generators to products, or return None on a contradiction."""
    chosen = {g: g if image is None else image for g, image in chosen.items()}
    found, frontier = dict(start), list(start)
    while frontier:
        x = frontier.pop()
        for g, image in chosen.items():
            product, mapped = one[x, g], other[found[x], image]
            if product not in found:
                found[product] = mapped
                frontier.append(product)
            elif found[product] != mapped:
                return None
    return found


def close_under_group_laws(array):
    """Deduce products by cancellation, one missing symbol per line, and associativity.

    Every deduction holds in each group that agrees with the known cells, so a full result is the
    only completion to a group. Entries are indices of one alphabet, -1 unknown.
    """
    table = array.copy()
    while True:
        before = (table >= 0).sum()
        fill_singles(table)
        fill_by_associativity(table)
        if (table >= 0).sum() == before:
            return table


def fill_singles(table):
    """Fill cells with one candidate left, and symbols with one place left in a line."""
    n = len(table)
    candidates = np.ones((n, n, n), bool)
    for a, b in zip(*np.nonzero(table >= 0), strict=True):
        _settle(candidates, a, b, table[a, b])
    while True:
        alone = (
            (candidates.sum(2, keepdims=True) == 1)
            | (candidates.sum(1, keepdims=True) == 1)
            | (candidates.sum(0, keepdims=True) == 1)
        ) & candidates
        found = [(a, b, c) for a, b, c in np.argwhere(alone) if table[a, b] < 0]
        if not found:
            return
        a, b, c = found[0]
        table[a, b] = c
        _settle(candidates, a, b, c)


def _settle(candidates, a, b, c):
    candidates[a, b, :] = candidates[a, :, c] = candidates[:, b, c] = False
    candidates[a, b, c] = True


def fill_by_associativity(table):
    """Use (xy)z = x(yz) wherever it leaves one product unknown."""
    n = len(table)
    for x, y, z in itertools.product(range(n), repeat=3):
        left, right = table[x, y], table[y, z]
        if left < 0 and right < 0:
            continue
        if left >= 0 and right >= 0:
            one, other = table[left, z], table[x, right]
            if one < 0 <= other:
                table[left, z] = other
            elif other < 0 <= one:
                table[x, right] = one
        elif left >= 0:
            place = np.flatnonzero(table[x] == table[left, z]) if table[left, z] >= 0 else ()
            if len(place) == 1:
                table[y, z] = place[0]
        else:
            place = np.flatnonzero(table[:, z] == table[x, right]) if table[x, right] >= 0 else ()
            if len(place) == 1:
                table[x, y] = place[0]


def latin_completions(table, limit=10_000):
    """Return every Latin square that agrees with the known cells (at most ``limit``)."""
    table = table.copy()
    fill_singles(table)
    holes = np.argwhere(table < 0)
    if not len(holes):
        return [table] if is_latin(table) else []
    options = [
        (
            [c for c in range(len(table)) if c not in table[a] and c not in table[:, b]],
            (a, b),
        )
        for a, b in holes
    ]
    symbols, (a, b) = min(options, key=lambda option: len(option[0]))
    found = []
    for c in symbols:
        trial = table.copy()
        trial[a, b] = c
        found += latin_completions(trial, limit - len(found))
        if len(found) >= limit:
            break
    return found


def is_latin(table):
    n = len(table)
    full = np.arange(n)
    lines = np.concatenate([table, table.T])
    return bool((np.sort(lines, axis=1) == full).all())


def is_group_isotope(table):
    """Whether the loop with row 0 and column 0 as identity is associative (Albert's theorem)."""
    row_of = np.argsort(table[:, 0])
    column_of = np.argsort(table[0])
    loop = table[row_of][:, column_of]
    return bool((loop[loop] == loop[:, loop]).all())


def solutions_modulo(table, prime):
    """Return the dimension of the solutions of f(a) + g(b) = h(a o b) over the known cells."""
    n = len(table)
    rows = []
    for a, b in np.argwhere(table >= 0):
        row = np.zeros(3 * n, int)
        row[a], row[n + b], row[2 * n + table[a, b]] = 1, 1, -1
        rows.append(row % prime)
    return 3 * n - rank_modulo(np.array(rows), prime)


def rank_modulo(matrix, prime):
    matrix, rank = matrix.copy(), 0
    for column in range(matrix.shape[1]):
        pivots = np.flatnonzero(matrix[rank:, column]) + rank
        if not len(pivots):
            continue
        matrix[[rank, pivots[0]]] = matrix[[pivots[0], rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, prime) % prime
        others = np.arange(len(matrix)) != rank
        matrix[others] -= np.outer(matrix[others, column], matrix[rank])
        matrix %= prime
        rank += 1
        if rank == len(matrix):
            break
    return rank
