"""The most special word for what a full table is, among those that are proved."""

from typing import Any

from cayley.algebra import Analysis, Structure

__all__ = ["kind_of", "with_article"]

# In each list the first whose condition holds is the word. A condition is a set of properties of
# the table, or classes of its parts, all of which hold; more special ones come first.
_LOOPS = (
    ("commutative Moufang loop", {"Moufang", "commutative"}),
    ("Moufang loop", {"Moufang"}),
    ("Steiner loop", {"Steiner"}),
    ("left Bol loop", {"left Bol"}),
    ("right Bol loop", {"right Bol"}),
    ("conjugacy closed loop", {"conjugacy closed"}),
    ("commutative automorphic loop", {"automorphic", "commutative"}),
    ("automorphic loop", {"automorphic"}),
    ("commutative inverse property loop", {"inverse property", "commutative"}),
    ("inverse property loop", {"inverse property"}),
    ("left conjugacy closed loop", {"left conjugacy closed"}),
    ("right conjugacy closed loop", {"right conjugacy closed"}),
    ("alternative loop", {"alternative"}),
    ("commutative loop", {"commutative"}),
    ("flexible loop", {"flexible"}),
    ("power-associative loop", {"power-associative"}),
    ("loop", set[str]()),
)

_QUASIGROUPS = (
    ("Steiner quasigroup", {"Steiner"}),
    ("left kei", {"left quandle", "left involutory"}),
    ("right kei", {"right quandle", "right involutory"}),
    ("left quandle", {"left quandle"}),
    ("right quandle", {"right quandle"}),
    ("commutative idempotent medial quasigroup", {"commutative", "idempotent", "medial"}),
    ("idempotent medial quasigroup", {"idempotent", "medial"}),
    ("commutative medial quasigroup", {"commutative", "medial"}),
    ("medial quasigroup", {"medial"}),
    ("totally symmetric quasigroup", {"totally symmetric"}),
    ("commutative idempotent quasigroup", {"commutative", "idempotent"}),
    ("idempotent quasigroup", {"idempotent"}),
    ("commutative quasigroup", {"commutative"}),
)

# "M" stands for "monoid" if there is an identity, else for "semigroup".
_SEMIGROUPS = (
    ("semilattice", {"semilattice"}),
    ("left zero semigroup", {"left zero"}),
    ("right zero semigroup", {"right zero"}),
    ("rectangular band", {"rectangular band"}),
    ("band", {"band"}),
    ("null semigroup", {"null"}),
    ("commutative inverse M", {"inverse", "commutative"}),
    ("Brandt semigroup", {"Brandt"}),
    ("Clifford M", {"Clifford"}),
    ("inverse M", {"inverse"}),
    ("completely simple semigroup", {"completely simple"}),
    ("completely regular M", {"completely regular"}),
    ("commutative nilpotent semigroup", {"nilpotent", "commutative"}),
    ("nilpotent semigroup", {"nilpotent"}),
    ("commutative M", {"commutative"}),
    ("regular M", {"regular"}),
    ("M", set[str]()),
)

_MAGMAS = (
    ("left kei", {"left quandle", "left involutory"}),
    ("right kei", {"right quandle", "right involutory"}),
    ("left quandle", {"left quandle"}),
    ("right quandle", {"right quandle"}),
    ("left rack", {"left distributive", "left cancellative"}),
    ("right rack", {"right distributive", "right cancellative"}),
    ("left shelf", {"left distributive"}),
    ("right shelf", {"right distributive"}),
    ("commutative idempotent medial magma", {"commutative", "idempotent", "medial"}),
    ("medial magma", {"medial"}),
    ("commutative idempotent magma", {"commutative", "idempotent"}),
    ("commutative magma", {"commutative"}),
    ("idempotent magma", {"idempotent"}),
    ("magma", set[str]()),
)


def kind_of(structure: Structure, properties: Analysis, parts: dict[str, Any]) -> str:
    """Return the word, without an article: "Moufang loop", "semilattice", "left quandle".

    Args:
        structure: The structure of the table.
        properties: Its properties, over one alphabet.
        parts: What `parts_of` returned for it.
    """
    known = {name.replace("_", " ") for name, answer in properties if answer}
    for part in parts.values():
        known |= set(part["classes"])
    if "involutory" in known:
        known.add(f"{parts['rack']['side']} involutory")
    if structure is Structure.GROUP:
        return "abelian group" if "commutative" in known else "group"
    if structure is Structure.LOOP:
        return _first(_LOOPS, known)
    if structure in (Structure.QUASIGROUP, Structure.GROUP_ISOTOPE):
        return _first((*_QUASIGROUPS, (str(structure), set[str]())), known)
    if structure in (Structure.MONOID, Structure.SEMIGROUP):
        word = "monoid" if structure is Structure.MONOID else "semigroup"
        return _first(_SEMIGROUPS, known).replace("M", word)
    return _first(_MAGMAS, known)


def _first(words: tuple[tuple[str, set[str]], ...], known: set[str]) -> str:
    return next(word for word, needed in words if needed <= known)


def with_article(kind: str) -> str:
    """Return a kind with "a" or "an" before it."""
    # "unipotent" and "unital" are spoken with a consonant; no kind begins with them.
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
