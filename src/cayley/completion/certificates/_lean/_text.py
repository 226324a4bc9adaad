"""``lean_text``: the file for Lean."""

from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.completion.certificates._lean._consequences import CONSEQUENCES, consequences_text
from cayley.completion.certificates._lean._tables import quadrangle_text, tables_text

__all__ = ["UNCHECKED", "lean_text"]

UNCHECKED = "UNCHECKED: no Lean has read this file; it was written where none could be run."
"""The first line: a text whose syntax nothing has read is no proof yet."""


def lean_text(document: dict[str, Any]) -> str:
    """Return the claims as Lean 4, with its core library only, which nothing here has checked.

    Args:
        document: A certificate that the checker accepts.

    Raises:
        ValueError: If it is refused, has too many cases inside cases, or only claims about
            polynomials, which are not written for Lean.
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
    if not written:
        raise ValueError(
            "the certificate has only claims about polynomials, which are not written for Lean; "
            "--format coq writes them."
        )
    common = Path(__file__).with_name("common.lean").read_text(encoding="utf-8")
    return "\n".join([f"-- {UNCHECKED}", common, *written, "end Cayley", ""])


def _theorems(document: dict[str, Any], claim: dict[str, Any], suffix: str) -> list[str]:
    """Return the theorems for a claim."""
    kind = claim["claim"]
    if kind == "polynomial":
        return []
    if kind == "isotope" and "maps" not in claim:
        return [quadrangle_text(document, claim, suffix)]
    if kind not in CONSEQUENCES:
        return [tables_text(document, claim, suffix)]
    written = [consequences_text(document, claim, suffix)]
    if kind == "possible" or (kind == "forced" and claim["cells"] == "all"):
        written.append(tables_text(document, claim, suffix))
    return written
