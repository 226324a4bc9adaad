"""Operations that are known in full, and what each of them is, by code of its own.

Nothing here is cayley's: laws are read and tried on all elements by the few lines below, so that
what cayley says of a table can be compared with something else.
"""

import itertools
import math
import re

GROUPS = {
    "C3": [3], "C4": [4], "C2xC2": [2, 2], "C5": [5], "C6": [6], "C7": [7], "C8": [8],
    "C4xC2": [4, 2], "C2xC2xC2": [2, 2, 2], "C9": [9], "C3xC3": [3, 3], "C10": [10],
    "C12": [12], "C6xC2": [6, 2],
}  # fmt: skip


def abelian(factors):
    """Return the table of a product of cyclic groups."""
    elements = list(itertools.product(*map(range, factors)))
    place = {x: i for i, x in enumerate(elements)}
    return [
        [place[tuple((p + q) % m for p, q, m in zip(x, y, factors, strict=True))] for y in elements]
        for x in elements
    ]


def dihedral(n, twist=0):
    """Return the table of the dihedral group of order 2n; of the dicyclic one with twist n/2."""

    def product(x, y):
        (i, s), (j, t) = divmod(x, 2), divmod(y, 2)
        turn = i - j if s else i + j
        return 2 * ((turn + (twist if s and t else 0)) % n) + (s + t) % 2

    return [[product(x, y) for y in range(2 * n)] for x in range(2 * n)]


def doubled(group):
    """Return the table of Chein's loop M(G, 2): Moufang, and a group only if G is abelian."""
    n = len(group)
    inverse = [row.index(group_unit(group)) for row in group]

    def product(x, y):
        (g, s), (h, t) = (x % n, x // n), (y % n, y // n)
        if not s:
            return group[h][g] + n if t else group[g][h]
        return group[inverse[h]][g] if t else group[g][inverse[h]] + n

    return [[product(x, y) for y in range(2 * n)] for x in range(2 * n)]


def group_unit(table):
    """Return the two-sided unit of a table, or None."""
    everyone = range(len(table))
    units = (e for e in everyone if all(table[e][x] == x == table[x][e] for x in everyone))
    return next(units, None)


def maps(points, rng, size):
    """Return the table of a closed set of at most ``size`` maps of some points, composed."""
    drawn = [tuple(rng.randrange(points) for _ in range(points)) for _ in range(2)]
    found = list(dict.fromkeys((tuple(range(points)), *drawn)))
    while True:
        products = (tuple(y[x[p]] for p in range(points)) for x in found for y in found)
        more = list(dict.fromkeys((*found, *products)))
        if len(more) > size:
            return maps(2, rng, 4) if points > 2 else None
        if len(more) == len(found):
            place = {x: i for i, x in enumerate(found)}
            return [[place[tuple(y[x[p]] for p in range(points))] for y in found] for x in found]
        found = more


def latin(n, rng):
    """Return a Latin square: a cyclic one in which rectangles of two symbols were turned."""
    table = [[(a + b) % n for b in range(n)] for a in range(n)]
    for _ in range(40 * n):
        (a, c), (b, d) = rng.sample(range(n), 2), rng.sample(range(n), 2)
        if table[a][b] == table[c][d] and table[a][d] == table[c][b]:
            table[a][b], table[a][d] = table[a][d], table[a][b]
            table[c][b], table[c][d] = table[c][d], table[c][b]
    return table


def known_operation(rng):
    """Return the name of an operation and its table."""
    n = rng.randrange(3, 11)
    kind = rng.choice(KINDS)
    everyone = range(n)
    if kind == "group":
        choice = rng.randrange(4)
        if choice == 0:
            m = rng.randrange(3, 7)
            return f"dihedral group of order {2 * m}", dihedral(m)
        if choice == 1:
            m = rng.choice((4, 6))
            return f"dicyclic group of order {2 * m}", dihedral(m, m // 2)
        name = rng.choice(list(GROUPS))
        return name, abelian(GROUPS[name])
    if kind == "isotope":
        name = rng.choice([name for name, factors in GROUPS.items() if math.prod(factors) > 3])
        table = abelian(GROUPS[name])
        n = len(table)
        rows, columns, symbols = (rng.sample(range(n), n) for _ in range(3))
        return f"isotope of {name}", [
            [symbols[table[rows[a]][columns[b]]] for b in range(n)] for a in range(n)
        ]
    if kind == "subtraction":
        return f"subtraction mod {n}", [[(a - b) % n for b in everyone] for a in everyone]
    if kind == "affine":
        p = rng.choice((5, 7, 11))
        x, y, z = rng.sample(range(p), 3)
        table = [[(x * a + y * b + z) % p for b in range(p)] for a in range(p)]
        return f"{x}a + {y}b + {z} mod {p}", table
    if kind == "maximum":
        return f"maximum of {n}", [[max(a, b) for b in everyone] for a in everyone]
    if kind == "product":
        return f"product mod {n}", [[a * b % n for b in everyone] for a in everyone]
    if kind == "divisors":
        divisors = [d for d in range(1, 31) if rng.choice((12, 30)) % d == 0]
        closed = sorted({math.gcd(a, b) for a in divisors for b in divisors} | set(divisors))
        table = [[closed.index(math.gcd(a, b)) for b in closed] for a in closed]
        return "greatest common divisor", table
    if kind == "maps":
        return "maps of three points", maps(3, rng, 12)
    if kind == "quandle":
        m = rng.choice((3, 5, 7, 9))
        return f"reflections mod {m}", [[(2 * a - b) % m for b in range(m)] for a in range(m)]
    if kind == "Moufang":
        return "Chein's loop of order 12", doubled(dihedral(3))
    if kind == "projection":
        return "first of two", [[a] * n for a in everyone]
    if kind == "constant":
        return "constant", [[0] * n for _ in everyone]
    if kind == "polynomial":
        p = rng.choice((5, 7))
        return f"a^2 + b^2 mod {p}", [[(a * a + b * b) % p for b in range(p)] for a in range(p)]
    if kind == "Latin":
        return f"Latin square of order {n}", latin(n, rng)
    table = [[rng.randrange(n) for _ in everyone] for _ in everyone]
    return f"random table of order {n}", table


KINDS = (
    "group", "group", "isotope", "subtraction", "affine", "maximum", "product", "divisors", "maps",
    "quandle", "Moufang", "projection", "constant", "polynomial", "Latin", "random",
)  # fmt: skip


def is_group(table):
    """Return whether a table is that of a group."""
    return is_latin(table) and _obeys_law(table, "x*(y*z) = (x*y)*z")


def is_latin(table):
    """Return whether no row and no column of a table holds a symbol twice."""
    n = len(table)
    return all(len(set(row)) == n for row in table) and all(
        len({row[b] for row in table}) == n for b in range(n)
    )


def is_group_isotope(table):
    """Return whether a table is that of an isotope of a group.

    The isotope (x * 0) o (0 * y) = x * y has a unit; by a theorem of Albert it is a group if any
    isotope is one.
    """
    if not is_latin(table):
        return False
    n = len(table)
    loop = [[0] * n for _ in range(n)]
    for x in range(n):
        for y in range(n):
            loop[table[x][0]][table[0][y]] = table[x][y]
    return is_group(loop)


# ---- laws and conditions, tried on all elements

_TOKEN = re.compile(r"\s*([a-z]|[*()=])")


def obeys(table, laws, conditions):
    """Return whether a full table obeys laws, as text, and conditions, by name."""
    return all(_obeys_law(table, law) for law in laws) and all(
        _CONDITIONS[condition](table) for condition in conditions
    )


def _obeys_law(table, law):
    left, right = law.split("=")
    names = sorted(set(re.findall("[a-z]", law)))
    one, other = _term(_TOKEN.findall(left)), _term(_TOKEN.findall(right))
    for values in itertools.product(range(len(table)), repeat=len(names)):
        at = dict(zip(names, values, strict=True))
        if _value(one, table, at) != _value(other, table, at):
            return False
    return True


def _term(tokens):
    """Return a term of letters, ``*`` and parentheses as nested pairs; ``*`` binds to the left."""

    def operand(i):
        if tokens[i] == "(":
            inner, i = expression(i + 1)
            return inner, i + 1  # the closing parenthesis
        return tokens[i], i + 1

    def expression(i):
        found, i = operand(i)
        while i < len(tokens) and tokens[i] == "*":
            other, i = operand(i + 1)
            found = (found, other)
        return found, i

    return expression(0)[0]


def _value(term, table, at):
    if isinstance(term, str):
        return at[term]
    return table[_value(term[0], table, at)][_value(term[1], table, at)]


def _has_inverses(table):
    e, everyone = group_unit(table), range(len(table))
    return e is not None and all(
        any(table[x][y] == e == table[y][x] for y in everyone) for x in everyone
    )


def _has_semigroup_inverses(table):
    everyone = range(len(table))
    return all(
        sum(table[table[x][y]][x] == x and table[table[y][x]][y] == y for y in everyone) == 1
        for x in everyone
    )


_CONDITIONS = {
    "left cancellation": lambda t: all(len(set(row)) == len(t) for row in t),
    "right cancellation": lambda t: all(
        len({row[b] for row in t}) == len(t) for b in range(len(t))
    ),
    "unit": lambda t: group_unit(t) is not None,
    "zero": lambda t: any(
        all(t[z][x] == z == t[x][z] for x in range(len(t))) for z in range(len(t))
    ),
    "inverses": _has_inverses,
    "inverses of a semigroup": _has_semigroup_inverses,
}
