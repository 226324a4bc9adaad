"""``coq_text``: the file that Coq reads."""

from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.completion._coq._groups import GROUP_RULES, group_theorem
from cayley.completion._coq._laws import law_theorem

__all__ = ["coq_text"]


def coq_text(document: dict[str, Any]) -> str:
    """Return a file that Coq accepts if the claims in it are true.

    Args:
        document: A certificate that the checker accepts.

    Raises:
        ValueError: If it is refused, or has no claim that can be written for Coq.
    """
    try:
        _checker.check(document)
    except _checker.Refused as refused:
        raise ValueError(f"the certificate is refused: {refused}.") from None
    theorems: dict[str, list[str]] = {"groups": [], "laws": []}
    for number, claim in enumerate(document["claims"]):
        if claim["claim"] not in ("forced", "inconsistent", "possible"):
            continue
        module = _module_of(claim)
        write = group_theorem if module == "groups" else law_theorem
        theorems[module].append(write(document, claim, f"_{number}"))
    if not any(theorems.values()):
        raise ValueError(
            "the certificate has no claim that is written for Coq: these are what cells force, and "
            "that no table has them."
        )
    parts = [_file("common")]
    for module, written in theorems.items():
        if written:
            name = module.capitalize()
            parts += [f"Module {name}.", _file(module), *written, f"End {name}.", ""]
    return "\n".join(parts)


def _module_of(claim: dict[str, Any]) -> str:
    """Return which of the programs reads the proofs of a claim."""
    plain = _checker.Theory(claim["theory"]).is_plain
    lines = claim.get("proof", [])
    # A group's cells may be forced by the law of associativity like those of any other theory.
    known = claim["claim"] != "possible" and all(line[0] in GROUP_RULES for line in lines)
    return "groups" if plain and known else "laws"


def _file(name: str) -> str:
    return Path(__file__).with_name(f"{name}.v").read_text(encoding="utf-8")
