"""What is true of certificates of small tables, by brute force, and certificates that are changed.

The oracles know nothing of proofs: they go through all tables of a theory. An accepted certificate
has to be true by them.
"""

import copy
import hashlib
import itertools
import json
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley import _checker as checker
from cayley.algebra import Group, character_table
from cayley.tables import all_small_groups

__all__ = ["changed", "is_true"]

_CLAIMS = [
    name.removeprefix("claim_").replace("_", " ")
    for name in vars(checker.Certificate)
    if name.startswith("claim_")
]


def integers_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all integers in a document."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    if isinstance(value, dict | list):
        return [each for key, item in items for each in integers_in(item, (*path, key))]
    return []


def changed(document: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A certificate with one thing changed; the hash is that of its cells all the same."""
    other = copy.deepcopy(document)
    claim = other["claims"][rng.integers(len(other["claims"]))]
    n = len(other["rows"])
    match int(rng.integers(7)):
        case 0 if other["cells"]:
            other["cells"][rng.integers(len(other["cells"]))][2] = int(rng.integers(n))
        case 1 if other["cells"]:
            del other["cells"][rng.integers(len(other["cells"]))]
        case 2 if claim.get("proof"):
            del claim["proof"][rng.integers(len(claim["proof"]))]
        case 3:
            claim["claim"] = str(rng.choice(_CLAIMS))
        case 4 if "theory" in claim:
            names = ["group", checker.ISOTOPE, checker.HOMOTOPE]
            claim["theory"] = {"name": str(rng.choice(names))}
            claim.setdefault("gauge", [0, 0])
        case 5 if other["table"]:
            other["table"][rng.integers(n)][rng.integers(n)] = int(rng.integers(n))
        case _:
            places = integers_in(other["claims"])
            if places:
                *path, last = places[rng.integers(len(places))]
                part: Any = other["claims"]
                for key in path:
                    part = part[key]
                part[last] += int(rng.choice([-2, -1, 1, 2]))
    return hashed(other)


def hashed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the hash of its cells."""
    rows, columns, symbols = (document[key] for key in ("rows", "columns", "symbols"))
    named = sorted([rows[a], columns[b], symbols[c]] for a, b, c in document["cells"])
    text = json.dumps([*map(sorted, (rows, columns, symbols)), named])
    return document | {"sha256": hashlib.sha256(text.encode()).hexdigest()}


@cache
def groups(n: int) -> NDArray[Any]:
    """All group tables on n labels, n up to 5."""
    i, j = np.indices((n, n))
    found = set()
    for table in [(i + j) % n, i ^ j] if n == 4 else [(i + j) % n]:
        for p in map(np.array, itertools.permutations(range(n))):
            back = np.argsort(p)
            found.add(p[table[np.ix_(back, back)]].tobytes())
    return stacked(found, n)


@cache
def isotopes(n: int) -> NDArray[Any]:
    """All isotopes of groups on n labels, n up to 5."""
    orders = list(map(list, itertools.permutations(range(n))))
    rows = {table[p].tobytes() for table in groups(n) for p in orders}
    return stacked({table[:, p].tobytes() for table in stacked(rows, n) for p in orders}, n)


def stacked(found: set[bytes], n: int) -> NDArray[Any]:
    return np.array([np.frombuffer(each, np.int64).reshape(n, n) for each in sorted(found)])


@cache
def magmas(n: int) -> NDArray[Any]:
    """All operations on n elements, n up to 3."""
    return np.array(list(itertools.product(range(n), repeat=n * n))).reshape(-1, n, n)


@cache
def latin_squares(n: int) -> NDArray[Any]:
    """All Latin squares of order n up to 5."""
    rows = np.array(list(itertools.permutations(range(n))))
    bits = (1 << rows).astype(np.uint8)  # the symbol of each column, and those of the rows above
    squares, used = rows[:, None, :], bits
    while squares.shape[1] < n:
        first, second = np.nonzero(~(used[:, None] & bits).any(axis=2))
        squares = np.concatenate([squares[first], rows[second][:, None]], axis=1)
        used = used[first] | bits[second]
    return squares


def satisfying(tables: NDArray[Any], law: Any) -> NDArray[Any]:
    """Those tables that satisfy a law in all instances."""

    def value(term: Any, at: Any) -> Any:
        if isinstance(term, int):
            return at[term]
        return tables[np.arange(len(tables)), value(term[0], at), value(term[1], at)]

    for at in itertools.product(range(tables.shape[1]), repeat=1 + max(variables(law))):
        equal = value(law[0], at) == value(law[1], at)
        tables = tables[np.broadcast_to(equal, len(tables))]
    return tables


def variables(term: Any) -> set[int]:
    return {term} if isinstance(term, int) else variables(term[0]) | variables(term[1])


def of_theory(theory: dict[str, Any], n: int) -> NDArray[Any] | None:
    """All tables of a theory; None if there are too many to look at."""
    return _of_stated(json.dumps(theory), n)


@lru_cache(maxsize=64)  # the same theories come again and again, with up to 161,280 tables each
def _of_stated(stated: str, n: int) -> NDArray[Any] | None:
    theory = json.loads(stated)
    if theory["name"] == "group":
        return groups(n)
    if theory["name"] == "isotope of a group":
        return isotopes(n)
    if theory["name"] == checker.HOMOTOPE:
        return homotopes(n) if n <= _LARGEST_HOMOTOPE else None
    conditions = set(theory["conditions"])
    latin = {"left cancellation", "right cancellation"}
    if n > 3 and not latin <= conditions:
        return None
    tables = latin_squares(n) if latin <= conditions else magmas(n)
    everyone = np.arange(n)
    if "left cancellation" in conditions - latin or "left cancellation" in conditions:
        tables = tables[(np.sort(tables, axis=2) == everyone).all(axis=(1, 2))]
    if "right cancellation" in conditions:
        tables = tables[(np.sort(tables, axis=1) == everyone[:, None]).all(axis=(1, 2))]
    units = (tables == everyone).all(axis=2) & (tables == everyone[:, None]).all(axis=1)
    if conditions & {"unit", "inverses"}:
        tables, units = tables[units.any(axis=1)], units[units.any(axis=1)]
    if "inverses" in conditions:
        unit = units.argmax(axis=1)[:, None, None]
        two_sided = (tables == unit) & (tables.transpose(0, 2, 1) == unit)
        tables = tables[two_sided.any(axis=2).all(axis=1)]
    for law in theory["laws"]:
        tables = satisfying(tables, law)
    return tables


def is_true(document: dict[str, Any]) -> bool | None:
    """Whether all claims of a document are true; None if brute force cannot decide."""
    if len(document["rows"]) > 5:
        return None
    try:
        answers = [truth(document, claim) for claim in document["claims"]]
    except IndexError:  # a claim about a cell that there is not
        return False
    return False if False in answers else None if None in answers else True


def truth(document: dict[str, Any], claim: dict[str, Any]) -> bool | None:
    """Whether a claim is true, through all tables of its theory."""
    n, kind = len(document["rows"]), claim["claim"]
    table = None if document.get("table") is None else np.array(document["table"])
    if kind == "group":
        return bool((groups(n) == table).all(axis=(1, 2)).any())
    if kind == "isotope":
        return bool((isotopes(n) == table).all(axis=(1, 2)).any()) == ("maps" in claim)
    if kind == "law":
        assert table is not None
        return bool(len(satisfying(table[None], claim["law"]))) == (claim.get("instance") is None)
    if kind in ("named", "characters"):
        assert table is not None
        group = np.array(claim["maps"]["group"]) if "maps" in claim else table
        return _is_named(group, claim) if kind == "named" else _are_characters(group, claim)
    if kind == "polynomial":
        assert table is not None
        return _is_only_polynomial(document, table, claim)
    return _truth_of_cells(document, claim, table)


def _truth_of_cells(
    document: dict[str, Any], claim: dict[str, Any], table: NDArray[Any] | None
) -> bool | None:
    """Whether a claim about all tables of a theory with the given cells is true."""
    n, kind = len(document["rows"]), claim["claim"]
    tables = of_theory(claim["theory"], n)
    if tables is None:
        return None
    cells, without = document["cells"], set(claim.get("without", ()))
    if kind == "wrong":
        misses = sum((tables[:, a, b] != c).astype(int) for a, b, c in cells)
        if not claim["only"] or not len(tables):
            return bool((misses >= len(without)).all())
        few = tables[misses <= len(without)]
        accused = {tuple(i for i, (a, b, c) in enumerate(cells) if each[a, b] != c) for each in few}
        return bool((misses >= len(without)).all()) and accused <= {tuple(sorted(without))}
    for i, (a, b, c) in enumerate(cells):
        if i not in without:
            tables = tables[tables[:, a, b] == c]
    if kind == "inconsistent":
        return not len(tables)
    if kind == "next":
        a, b = claim["cell"]
        return all(
            bool((tables[tables[:, a, b] == value][:, x, y] == z).all())
            for value, wanted, _ in claim["answers"]
            for x, y, z in wanted
        )
    if kind == "forced" and claim["cells"] == "all":
        return len(tables) == 1 and bool((tables[0] == table).all())
    if kind == "forced":
        return all(bool((tables[:, a, b] == c).all()) for a, b, c in claim["cells"])
    shown = [np.array(each) for each in claim["tables"]]
    if kind == "not unique":
        return len(tables) >= 2 and all((tables == each).all(axis=(1, 2)).any() for each in shown)
    a, b = claim["cell"]
    return set(tables[:, a, b].tolist()) == {int(each[a, b]) for each in shown}


def _is_named(group: NDArray[Any], claim: dict[str, Any]) -> bool:
    """Whether some bijection takes the generators to the permutations and products to products."""
    n, images = len(group), [tuple(each) for each in claim["permutations"]]
    points = range(len(images[0]) if images else 1)
    reached = {tuple(points)}
    while new := {tuple(p[x] for x in each) for each in reached for p in images} - reached:
        reached |= new
    if len(reached) != n:
        return False
    elements = sorted(reached)
    number = {each: i for i, each in enumerate(elements)}
    products = np.array([[number[tuple(q[x] for x in p)] for q in elements] for p in elements])
    wanted = [number[each] for each in images]
    return any(
        [f[x] for x in claim["generators"]] == wanted
        and (products[np.ix_(f, f)] == np.array(f)[group]).all()
        for f in itertools.permutations(range(n))
    )


def _are_characters(group: NDArray[Any], claim: dict[str, Any]) -> bool:
    """Whether the rows are the irreducible characters, compared in floating point."""
    known = character_table(Group.from_table(group))
    place = {int(x): i for i in range(len(known)) for x in known.classes.members(i)}
    order = [place[each[0]] for each in claim["classes"]]
    if sorted(order) != list(range(len(known))):
        return False
    z = np.exp(2j * np.pi / claim["root"])
    rows = [[sum(c * z**i for i, c in value) for value in row] for row in claim["values"]]
    expected = known.to_complex()[:, order]
    spread = np.abs(np.array(rows)[:, None] - expected[None]).max(axis=2) < 1e-6
    return bool((spread.sum(axis=0) == 1).all() and (spread.sum(axis=1) == 1).all())


_MOST_POLYNOMIALS = 200_000
"""Polynomials that are all evaluated."""


def _is_only_polynomial(
    document: dict[str, Any], table: NDArray[Any], claim: dict[str, Any]
) -> bool | None:
    """Whether every polynomial with the cells has the table, through all of them."""
    p, classes = claim["modulus"], claim["monomials"]
    rows, columns, symbols = (
        np.array([int(x) for x in document[key]]) for key in checker.KEYS_OF_LABELS
    )
    for k, monomials in enumerate(classes):
        own = np.flatnonzero(columns % len(classes) == k)
        if p ** len(monomials) > _MOST_POLYNOMIALS:
            return None
        powers = [
            [
                [pow(int(a), i, p) * pow(int(b), j, p) % p for i, j in monomials]
                for b in columns[own]
            ]
            for a in rows
        ]
        factors = np.array(list(itertools.product(range(p), repeat=len(monomials))))
        values = np.einsum("abm,fm->fab", np.array(powers), factors) % p
        at = {int(b): i for i, b in enumerate(own)}
        for a, b, c in document["cells"]:
            if b in at:
                values = values[values[:, a, at[b]] == symbols[c]]
        if not len(values) or not (values == symbols[table[:, own]]).all():
            return False
    return True


_LARGEST_HOMOTOPE = 3
"""With four labels there are some millions of maps to a group."""


@cache
def homotopes(n: int) -> NDArray[Any]:
    """Homotopes of the groups up to order 6 on 2 labels, up to order 4 on 3.

    What holds of all homotopes holds of these.
    """
    found = set()
    for order in range(1, 11 - 2 * n):
        for each in all_small_groups(order):
            generators = each.generators
            group = (
                Group.from_permutations(generators).table if generators else np.zeros((1, 1), int)
            )
            for f in itertools.product(range(order), repeat=n):
                for g in itertools.product(range(order), repeat=n):
                    values = group[np.ix_(f, g)]
                    used, coded = np.unique(values, return_inverse=True)
                    for h in itertools.permutations(range(n), len(used)):
                        found.add(np.array(h)[coded].reshape(n, n).tobytes())
    return stacked(found, n)
