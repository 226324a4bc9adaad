"""``coq_text``: the file that Coq reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.completion.certificates._coq._groups import GROUP_RULES, group_theorem
from cayley.completion.certificates._coq._laws import law_theorem
from cayley.completion.certificates._coq._tables import quadrangle_theorem, table_theorem

__all__ = ["coq_text"]

_OF_TABLES = ("group", "isotope", "law", "not unique", "possible")
"""Claims that are about full tables, or partly so."""


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
    theorems: dict[str, list[str]] = {"groups": [], "laws": [], "tables": []}
    for number, claim in enumerate(document["claims"]):
        suffix = f"_{number}"
        if claim["claim"] == "isotope" and "maps" not in claim:
            theorems["groups"].append(quadrangle_theorem(document, claim, suffix))
        elif claim["claim"] in _OF_TABLES and not _is_homotope(claim):
            theorems["tables"].append(table_theorem(document, claim, suffix))
        for name, given, each in _about_all_tables(document, claim, suffix):
            module = _module_of(each)
            write = group_theorem if module == "groups" else law_theorem
            theorems[module].append(write(given, each, name))
    if not any(theorems.values()):
        raise ValueError(
            "the certificate has no claim that is written for Coq: these are what full tables are, "
            "what cells force, and that no table has them; not homotopes, names and characters."
        )
    parts = [_file("common")]
    for module, written in theorems.items():
        if written:
            name = module.capitalize()
            parts += [f"Module {name}.", _file(module), *written, f"End {name}.", ""]
    return "\n".join(parts)


def _is_homotope(claim: dict[str, Any]) -> bool:
    return "theory" in claim and bool(_checker.Theory(claim["theory"]).is_homotope)


def _about_all_tables(
    document: dict[str, Any], claim: dict[str, Any], suffix: str
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield what a claim says of all tables of a theory, as claims that cells force or contradict.

    Each with its name, and a document that has its cells.
    """
    if "theory" not in claim or _is_homotope(claim):
        return
    without = set(claim.get("without", ()))
    cells = [cell for i, cell in enumerate(document["cells"]) if i not in without]
    theory, gauge = claim["theory"], claim.get("gauge", [0, 0])
    base = {"theory": theory, "gauge": gauge}

    def refuted(lines: list[Any], some: list[Any], gauge: list[int] = gauge) -> tuple[Any, Any]:
        each = {"claim": "inconsistent", "proof": lines, **base, "gauge": gauge}
        return document | {"cells": some}, each

    kind = claim["claim"]
    if kind in ("forced", "inconsistent"):
        yield suffix, document | {"cells": cells}, claim | {"without": []}
    elif kind == "possible":
        a, b = claim["cell"]
        for value, lines in claim["refuted"]:
            yield f"{suffix}_{value}", *refuted(lines, [*cells, [a, b, value]])
    elif kind == "wrong":
        for i, (places, lines, own) in enumerate(claim["refuted"]):
            yield f"{suffix}_{i}", *refuted(lines, [document["cells"][x] for x in places], own)
    elif kind == "next":
        a, b = claim["cell"]
        for value, wanted, lines in claim["answers"]:
            more = [*cells, [a, b, value]]
            name = f"{suffix}_{value}"
            proof = _checker.Proof(_checker.Theory(theory), len(document["rows"]), more, gauge)
            if proof.run(lines).refuted:
                yield name, *refuted(lines, more)
            elif wanted:
                forced = {"claim": "forced", "cells": wanted, "proof": lines, **base}
                yield name, document | {"cells": more}, forced


def _module_of(claim: dict[str, Any]) -> str:
    """Return which of the programs reads the proof of a claim."""
    # A group's cells may be forced by the law of associativity like those of any other theory.
    known = all(line[0] in GROUP_RULES for line in claim["proof"])
    return "groups" if _checker.Theory(claim["theory"]).is_plain and known else "laws"


def _file(name: str) -> str:
    return Path(__file__).with_name(f"{name}.v").read_text(encoding="utf-8")
