"""Make the tables in examples/tables and their full truths in tests/data/examples.

Run from the repository root: python scripts/generate_example_tables.py [--check]
The output is the same on every machine. examples/tables/README.md says where each comes from. With
`--check` nothing is written; the files in place must equal what would be.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from shipped_file import write_or_check

from cayley.tables import Table, add_noise, generate_family, isotope, mask, write_table

ROOT = Path(__file__).resolve().parents[1]
PARTIAL = ROOT / "examples" / "tables"
TRUTH = ROOT / "tests" / "data" / "examples"

# For these seeds every label is used several times and tests/unit/tables/test_examples.py proves
# that the observed cells force the whole table.
SEEDS = {
    "c3v_partial": 5,
    "d4h_triples": 0,
    "kariera_sections": 19,
    "aranda_subsections": 9,
    "neo_riemannian": 0,
    "subtraction_mod11_isotope": 0,
    "s3_61_percent": 2,
    "dihedral12_noisy": 0,
}

Matrix = tuple[tuple[int, ...], ...]


def matrix_table(elements: Mapping[str, np.ndarray]) -> Table:
    """Return the table of matrix products, row times column (the column acts first)."""
    names = {_key(matrix): i for i, matrix in enumerate(elements.values())}
    assert len(names) == len(elements)
    array = [[names[_key(a @ b)] for b in elements.values()] for a in elements.values()]
    return Table.from_array(array, labels=elements)


def _key(matrix: np.ndarray) -> Matrix:
    return tuple(map(tuple, matrix.tolist()))


def c3v() -> Table:
    """The point group of ammonia, on two hexagonal lattice vectors 120 degrees apart."""
    turn = np.array([[0, -1], [1, -1]])
    mirror = np.array([[0, 1], [1, 0]])
    return matrix_table(
        {
            "E": np.eye(2, dtype=int),
            "C3": turn,
            "C3^2": turn @ turn,
            "σv": mirror,
            "σv'": turn @ mirror @ turn @ turn,
            "σv''": turn @ turn @ mirror @ turn,
        }
    )


def d4h() -> Table:
    """The point group of a square planar complex, on Cartesian axes, z the fourfold one."""
    identity = np.eye(3, dtype=int)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
    half = turn @ turn
    across_x = np.diag([1, -1, -1])
    across_y = np.diag([-1, 1, -1])
    across_xy = np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]])
    across_diagonal = np.array([[0, -1, 0], [-1, 0, 0], [0, 0, -1]])
    horizontal = np.diag([1, 1, -1])
    return matrix_table(
        {
            "E": identity,
            "C4": turn,
            "C4^3": half @ turn,
            "C2": half,
            "C2'(x)": across_x,
            "C2'(y)": across_y,
            "C2''(x=y)": across_xy,
            "C2''(x=-y)": across_diagonal,
            "i": -identity,
            "S4": horizontal @ turn,
            "S4^3": horizontal @ half @ turn,
            "σh": horizontal,
            "σv(xz)": np.diag([1, -1, 1]),
            "σv(yz)": np.diag([-1, 1, 1]),
            "σd(x=y)": horizontal @ across_xy,
            "σd(x=-y)": horizontal @ across_diagonal,
        }
    )


# Husband's section, wife's section, their children's section.
KARIERA = (
    ("Banaka", "Burung", "Palyeri"),
    ("Burung", "Banaka", "Karimera"),
    ("Karimera", "Palyeri", "Burung"),
    ("Palyeri", "Karimera", "Banaka"),
)
ARANDA = (
    ("Panunga", "Purula", "Appungerta"),
    ("Uknaria", "Ungalla", "Bulthara"),
    ("Bulthara", "Kumara", "Uknaria"),
    ("Appungerta", "Umbitchana", "Panunga"),
    ("Purula", "Panunga", "Kumara"),
    ("Ungalla", "Uknaria", "Umbitchana"),
    ("Kumara", "Bulthara", "Purula"),
    ("Umbitchana", "Appungerta", "Ungalla"),
)


def kinship(rules: Sequence[tuple[str, str, str]], words: Mapping[str, str]) -> Table:
    """Return how kin relations compose on the sections, the row's relation first.

    Args:
        rules: Sections of husband, wife and children.
        words: Relations as paths of steps from a person: s to the spouse, f to the father,
            m to the mother, c to a woman's child.
    """
    sections = [husband for husband, _, _ in rules]
    spouse = {husband: wife for husband, wife, _ in rules}
    father = {child: husband for husband, _, child in rules}
    mother = {child: wife for _, wife, child in rules}
    child = {wife: child for _, wife, child in rules}
    steps = {"s": spouse, "f": father, "m": mother, "c": child}

    def relatives(word: str) -> tuple[str, ...]:
        found = sections
        for letter in word:
            found = [steps[letter][section] for section in found]
        return tuple(found)

    return _word_table(words, relatives)


def _word_table(words: Mapping[str, str], value: object) -> Table:
    """Return the table in which word a times word b is the word that acts as a followed by b."""
    assert callable(value)
    place = {value(word): i for i, word in enumerate(words.values())}
    assert len(place) == len(words)
    array = [[place[value(a + b)] for b in words.values()] for a in words.values()]
    return Table.from_array(array, labels=words)


def kariera() -> Table:
    return kinship(KARIERA, {"own": "", "spouse": "s", "father": "f", "mother": "m"})


def aranda() -> Table:
    words = {
        "own": "",
        "spouse": "s",
        "father": "f",
        "mother": "m",
        "woman's child": "c",
        "mother's mother": "mm",
        "mother's father": "mf",
        "spouse's mother": "sm",
    }
    return kinship(ARANDA, words)


def neo_riemannian() -> Table:
    """P, L and R on the 24 triads; elements have their shortest words, first letter first.

    A triad is (root, mode): P keeps the root, L and R keep two tones and move the third.
    """
    triads = [(root, mode) for mode in ("major", "minor") for root in range(12)]

    def transformed(triad: tuple[int, str], letter: str) -> tuple[int, str]:
        root, mode = triad
        step = {"P": 0, "L": 4, "R": 9}[letter]
        if mode == "major":
            return (root + step) % 12, "minor"
        return (root - step) % 12, "major"

    def images(word: str) -> tuple[tuple[int, str], ...]:
        found = triads
        for letter in word:
            found = [transformed(triad, letter) for triad in found]
        return tuple(found)

    words = {images(""): ""}
    frontier = [""]
    while frontier:
        frontier = [word + letter for word in frontier for letter in "PLR"]
        frontier = [word for word in frontier if words.setdefault(images(word), word) == word]
    return _word_table({word or "id": word for word in words.values()}, images)


def make() -> dict[str, tuple[Table, Table]]:
    """Return for each name the example and its truth."""
    full = {
        "c3v_partial": (c3v(), 22 / 36),
        "d4h_triples": (d4h(), 0.4),
        "kariera_sections": (kariera(), 9 / 16),
        "aranda_subsections": (aranda(), 0.45),
        "neo_riemannian": (neo_riemannian(), 0.35),
        "subtraction_mod11_isotope": (isotope(generate_family("mod11:a-b"), seed=11), 0.6),
        "s3_61_percent": (generate_family("S3"), 0.61),
    }
    made = {
        name: (mask(table, observe=share, seed=SEEDS[name]), table)
        for name, (table, share) in full.items()
    }
    d12 = generate_family("D12")
    noisy = add_noise(d12, noise=4 / 144, seed=SEEDS["dihedral12_noisy"])
    made["dihedral12_noisy"] = (noisy, d12)
    return made


def main() -> int:
    """Write or check the files; return the exit status."""
    status = 0
    for name, (example, truth) in make().items():
        print(f"{name}: {example.num_observed} of {example.array.size} cells")
        format = "triples" if name.endswith("triples") else "csv"
        for table, target, options in (
            (example, PARTIAL / f"{name}.csv", {"format": format, "reorder": True}),
            (truth, TRUTH / f"{name}.json", {}),
        ):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / target.name
                write_table(table, path, **options)
                status |= write_or_check(target, path.read_text(encoding="utf-8"))
    return status


if __name__ == "__main__":
    sys.exit(main())
