"""Why a property of a full table fails, as a sentence in its labels."""

from typing import TypeAlias

from cayley.algebra import Analysis
from cayley.tables import Table

__all__ = ["difference", "explain", "sentence"]

_Term: TypeAlias = "int | tuple[_Term, _Term]"

# Both sides of each law; a number is a place in the counterexample, whose order the predicate of
# the law states.
_LAWS: dict[str, tuple[_Term, _Term]] = {
    "associative": (((0, 1), 2), (0, (1, 2))),
    "commutative": ((0, 1), (1, 0)),
    "unipotent": ((0, 0), (1, 1)),
    "left_alternative": (((0, 0), 1), (0, (0, 1))),
    "right_alternative": (((0, 1), 1), (0, (1, 1))),
    "flexible": (((0, 1), 0), (0, (1, 0))),
    "moufang": (((0, 1), (2, 0)), ((0, (1, 2)), 0)),
    "left_bol": ((0, (1, (0, 2))), ((0, (1, 0)), 2)),
    "right_bol": ((((2, 0), 1), 0), (2, ((0, 1), 0))),
    "medial": (((0, 1), (2, 3)), ((0, 2), (1, 3))),
    "left_distributive": ((0, (1, 2)), ((0, 1), (0, 2))),
    "right_distributive": (((0, 1), 2), ((0, 2), (1, 2))),
}

# What fails first of these is why the whole does, in the order in which the predicate looks.
_MADE_OF = {
    "group": ("latin", "identity", "associative"),
    "left_quandle": ("idempotent", "left_cancellative", "left_distributive"),
    "right_quandle": ("idempotent", "right_cancellative", "right_distributive"),
    "semilattice": ("idempotent", "commutative", "associative"),
    "regular": ("associative",),
    "inverse_semigroup": ("associative", "regular"),
}

_EXISTENCE = (
    "identity", "left_identity", "right_identity", "absorbing_element", "zero", "inverses",
)  # fmt: skip
"""Properties that say that some element exists: "no identity", not "not identity"."""

_NAMES = {
    "latin": "Latin",
    "moufang": "Moufang",
    "left_bol": "left Bol",
    "right_bol": "right Bol",
    "steiner": "Steiner",
    "group": "a group",
    "group_isotope": "an isotope of a group",
    "left_quandle": "a left quandle",
    "right_quandle": "a right quandle",
    "semilattice": "a semilattice",
    "inverse_semigroup": "an inverse semigroup",
    "regular": "a regular semigroup",
}

_MOST_CANDIDATES = 2
"""How many candidates for an identity are refuted in words; all are in the counterexample."""


def sentence(name: str, labels: list[str] | None, table: Table, properties: Analysis) -> str:
    """Return that a property fails, and why: "not commutative: a o b = c, but b o a = d".

    A property that is made of others fails because one of them does: "not a semilattice because not
    commutative: ...".

    Args:
        name: The property's name, one that fails.
        labels: Its counterexample in labels, or None if it has none.
        table: The table, columns and symbols in the order of the rows if they are one alphabet.
        properties: What else is known about it.
    """
    word = _NAMES.get(name, name.replace("_", " "))
    why = explain(name, labels, table, properties)
    said = f"{'no' if name in _EXISTENCE else 'not'} {word}"
    if not why:
        return said
    return f"{said} because {why}" if _failing_part(name, properties) else f"{said}: {why}"


def explain(name: str, labels: list[str] | None, table: Table, properties: Analysis) -> str:
    """Return why a property fails, in labels; empty where there is nothing to show.

    Arguments as for `sentence`.
    """
    part = _failing_part(name, properties)
    if part is not None:
        # The counterexample of the whole is that of the part.
        return sentence(part, labels, table, properties)
    if labels is None:
        return {
            "inverses": "there is no identity",
            "steiner": "totally symmetric, but neither idempotent nor with an identity",
        }.get(name, "")
    if name in _LAWS:
        return difference(*_LAWS[name], labels, table)
    if name in _EXISTENCE and name != "inverses":
        return _no_candidate(name, labels, table)
    return _particular(name, labels, table)


def _failing_part(name: str, properties: Analysis) -> str | None:
    return next((part for part in _MADE_OF.get(name, ()) if not getattr(properties, part)), None)


def _particular(name: str, labels: list[str], table: Table) -> str:
    def o(left: str, right: str) -> str:
        return _product(table, left, right)

    match (name, labels):
        case ("idempotent", [a]):
            why = f"{a} o {a} = {o(a, a)}"
        case ("inverses", [a]):
            why = f"{a} has none"
        case ("regular", [a]):
            why = f"no x has ({a} o x) o {a} = {a}"
        case ("inverse_semigroup", [e, f]):
            why = f"{e} and {f} are idempotent, but {e} o {f} = {o(e, f)} and {f} o {e} = {o(f, e)}"
        case ("steiner", [x, y]) if o(x, o(x, y)) != y:
            why = f"{x} o ({x} o {y}) = {o(x, o(x, y))}"
        case ("steiner", _):
            why = difference((0, 1), (1, 0), labels, table)
        case ("left_cancellative", [a, b, c]):
            why = f"{a} o {b} and {a} o {c} are both {o(a, b)}"
        case ("right_cancellative", [a, b, c]):
            why = f"{b} o {a} and {c} o {a} are both {o(b, a)}"
        case (_, [a, b, c, d]):  # Latin, or an isotope of a group
            why = f"{a} o {b} and {c} o {d} are both {o(a, b)}"
        case (_, [a1, a2, b1, b2, a3, a4, b3, b4]):
            why = (
                f"rows {a1}, {a2} and columns {b1}, {b2} agree with rows {a3}, {a4} and "
                f"columns {b3}, {b4} in three corners, but {a2} o {b2} = {o(a2, b2)} and "
                f"{a4} o {b4} = {o(a4, b4)}"
            )
        case _:
            why = ", ".join(labels)
    return why


def difference(left: _Term, right: _Term, labels: list[str], table: Table) -> str:
    """Return both sides of a law with their values: "a o b = c, but b o a = d".

    Args:
        left: The left side; a number is the place of a variable's value in ``labels``.
        right: The right side.
        labels: The values of the variables.
        table: A table that has the cells which the sides look at.
    """
    value = _value(left, labels, table)
    if isinstance(left, int):  # a law such as x = x o x
        left, right, value = right, left, _value(right, labels, table)
    if isinstance(right, int):
        return f"{_text(left, labels)} = {value}, not {labels[right]}"
    return (
        f"{_text(left, labels)} = {value}, but "
        f"{_text(right, labels)} = {_value(right, labels, table)}"
    )


def _no_candidate(name: str, labels: list[str], table: Table) -> str:
    """Return why the first elements are no identity, or no zero; one label for each element."""
    found = []
    for e, x in list(zip(table.rows, labels, strict=True))[:_MOST_CANDIDATES]:
        wanted = e if name in ("zero", "absorbing_element") else x
        pairs = {"left_identity": [(e, x)], "right_identity": [(x, e)]}.get(name, [(e, x), (x, e)])
        a, b = next((a, b) for a, b in pairs if _product(table, a, b) != wanted)
        found.append(f"{e} is none, since {a} o {b} = {_product(table, a, b)}")
    return "; ".join(found) + ("; and so on" if len(labels) > _MOST_CANDIDATES else "")


def _text(term: _Term, labels: list[str], *, outermost: bool = True) -> str:
    if isinstance(term, int):
        return labels[term]
    text = " o ".join(_text(operand, labels, outermost=False) for operand in term)
    return text if outermost else f"({text})"


def _value(term: _Term, labels: list[str], table: Table) -> str:
    if isinstance(term, int):
        return labels[term]
    return _product(table, *(_value(operand, labels, table) for operand in term))


def _product(table: Table, left: str, right: str) -> str:
    product = table[left, right]
    assert product is not None  # the table is full
    return product
