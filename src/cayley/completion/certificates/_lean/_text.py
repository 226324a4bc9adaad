"""``lean_text``: the file for Lean."""

from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.completion.certificates._lean._consequences import CONSEQUENCES, consequences_text
from cayley.completion.certificates._lean._polynomials import polynomial_text
from cayley.completion.certificates._lean._tables import quadrangle_text, tables_text

__all__ = ["UNCHECKED", "lean_text"]

_FILES = (
    "common", "groups", "isotopes", "homotopes", "finite", "wrong", "quadrangles", "tables",
    "named", "characters", "polynomials",
)  # fmt: skip
"""What theorems may need, in the order in which Lean reads it. Only what a certificate needs is
written, so that an error in one part leaves the others alone."""

UNCHECKED = "UNCHECKED: no Lean has read this file; it was written where none could be run."
"""The first line: a text whose syntax nothing has read is no proof yet."""


def lean_text(document: dict[str, Any]) -> str:
    """Return the claims as Lean 4, with its core library only, which nothing here has checked.

    Args:
        document: A certificate that the checker accepts.

    Raises:
        ValueError: If it is refused, or has too many cases inside cases.
    """
    try:
        _checker.check(document)
    except _checker.Refused as refused:
        raise ValueError(f"the certificate is refused: {refused}.") from None
    written = []
    try:
        for number, claim in enumerate(document["claims"]):
            written += _theorems(document, claim, f"_{number}")
    except RecursionError:
        raise ValueError(
            f"claim {number} has more cases inside cases than are written for Lean, some 300; "
            "the checker itself reads them."
        ) from None
    needed = {each for claim in document["claims"] for each in _needed(claim)}
    parts = [
        Path(__file__).with_name(f"{name}.lean").read_text(encoding="utf-8")
        for name in _FILES
        if name in needed
    ]
    return "\n".join([f"-- {UNCHECKED}", *parts, *written, "end Cayley", ""])


def _needed(claim: dict[str, Any]) -> set[str]:
    """Return which files the theorems for a claim need."""
    kind, needed = claim["claim"], {"common"}
    if "theory" in claim and kind in CONSEQUENCES:
        theory = _checker.Theory(claim["theory"])
        needed |= {"groups"} if theory.is_plain else {"finite"}
        needed |= {"isotopes"} if theory.is_isotope else set()
        needed |= {"homotopes"} if theory.is_homotope else set()
        needed |= {"wrong"} if kind == "wrong" else set()
    if kind == "isotope" and "maps" not in claim:
        return needed | {"groups", "quadrangles"}
    if kind not in ("inconsistent", "next", "wrong"):
        needed.add("tables")
    if kind == "polynomial":
        return needed | {"polynomials"}
    return needed | {kind} & {"named", "characters"}


def _theorems(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> list[str]:
    """Return the theorems for a claim."""
    kind = claim["claim"]
    if kind == "polynomial":
        return [polynomial_text(document, claim, suffix)]
    if kind == "isotope" and "maps" not in claim:
        return [quadrangle_text(document, claim, suffix)]
    if kind not in CONSEQUENCES:
        return [tables_text(document, claim, suffix)]
    written = [consequences_text(document, claim, suffix)]
    if kind == "possible" or (kind == "forced" and claim["cells"] == "all"):
        written.append(tables_text(document, claim, suffix))
    return written
