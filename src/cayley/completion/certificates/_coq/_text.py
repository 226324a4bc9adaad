"""``coq_text``: the file that Coq reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.completion.certificates._coq._behind import characters_theorem, named_theorem
from cayley.completion.certificates._coq._consequences import CONSEQUENCES, consequences_text
from cayley.completion.certificates._coq._polynomials import polynomial_theorem
from cayley.completion.certificates._coq._tables import quadrangle_theorem, table_theorem

__all__ = ["coq_text"]

_NEEDED = {
    "Groups": ("proofs", "groups"),
    "Laws": ("proofs", "laws"),
    "Tables": ("tables",),
    "Named": ("tables", "named"),
    "Characters": ("tables", "characters"),
    "Polynomials": ("polynomials",),
}
"""The files before the theorems of each part, in the order in which Coq reads them."""

_SHARED = ("choices", "proofs", "tables")
"""Files that several parts use; each stands once, before all parts."""


def coq_text(document: dict[str, Any]) -> str:
    """Return a file that Coq accepts if the claims in it are true.

    Args:
        document: A certificate that the checker accepts.

    Raises:
        ValueError: If it is refused, or has too many cases inside cases.
    """
    try:
        _checker.check(document)
    except _checker.Refused as refused:
        raise ValueError(f"the certificate is refused: {refused}.") from None
    theorems: dict[str, list[str]] = {name: [] for name in _NEEDED}
    try:
        for number, claim in enumerate(document["claims"]):
            for module, theorem in _theorems(document, claim, f"_{number}"):
                theorems[module].append(theorem)
    except RecursionError:
        raise ValueError(
            f"claim {number} has more cases inside cases than are written for Coq, some 400; "
            "the checker itself reads them."
        ) from None
    parts = {name: written for name, written in theorems.items() if written}
    needed = {each for name in parts for each in _NEEDED[name]}
    if needed & {"proofs"}:
        needed.add("choices")
    text = [_file("common"), *(_file(name) for name in _SHARED if name in needed)]
    for name, written in parts.items():
        own = [_file(each) for each in _NEEDED[name] if each not in _SHARED]
        text += [f"Module {name}.", *own, *written, f"End {name}.", ""]
    return "\n".join(text)


def _theorems(
    document: dict[str, Any], claim: dict[str, Any], suffix: str
) -> Iterator[tuple[str, str]]:
    """Yield the theorems for a claim, each with the part of the file where it stands."""
    kind = claim["claim"]
    if kind in CONSEQUENCES:
        yield consequences_text(document, claim, suffix)
        if kind == "possible" or (kind == "forced" and claim["cells"] == "all"):
            yield "Tables", table_theorem(document, claim, suffix)
    elif kind == "isotope" and "maps" not in claim:
        yield "Groups", quadrangle_theorem(document, claim, suffix)
    elif kind == "named":
        yield "Named", named_theorem(document, claim, suffix)
    elif kind == "characters":
        yield "Characters", characters_theorem(document, claim, suffix)
    elif kind == "polynomial":
        yield "Polynomials", polynomial_theorem(document, claim, suffix)
    else:
        yield "Tables", table_theorem(document, claim, suffix)


def _file(name: str) -> str:
    return Path(__file__).with_name(f"{name}.v").read_text(encoding="utf-8")
