"""Checks a certificate by the program that stands alone, on a table in any form."""

import json
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from cayley import _checker
from cayley.tables._as_table import TableLike, as_table

__all__ = ["CertificateCheck", "check_certificate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """What the checker says of a certificate; true if every claim in it is proved.

    Attributes:
        accepted: Whether every claim is proved.
        claims: The proved claims as sentences; empty if the certificate is refused.
        reason: Why it is refused; empty if it is accepted.

    Example:
        >>> from cayley import solve
        >>> bool(check_certificate(solve([[0, 1], [1, -1]], assume="group").certificate))
        True

    References:
        The rules are in the checker itself, which ``cayley check --source`` prints.
    """

    accepted: bool
    claims: tuple[str, ...] = ()
    reason: str = ""

    def __bool__(self) -> bool:
        return self.accepted


def check_certificate(
    certificate: dict[str, Any] | str | PathLike[str], table: TableLike | None = None
) -> CertificateCheck:
    """Check every claim of a certificate without trusting what made it.

    The checker is one file without dependencies. It looks at full tables in all their cells, and
    goes through proofs about all tables of a kind line by line.

    Args:
        certificate: A document of schema ``cayley.certificate/1``, or the path of a file with one.
        table: The table that it has to be about; by default its own cells are taken as they are.

    Raises:
        OSError: If a file cannot be read.
        ValueError: If it holds no JSON document.

    Example:
        >>> from cayley import solve
        >>> document = solve([[0, 1, 2], [1, 2, -1], [2, -1, -1]], assume="group").certificate
        >>> checked = check_certificate(document)
        >>> checked.accepted
        True
        >>> print(checked.claims[1])
        the 6 given cells force the whole completed table if the table is of this kind: group
        >>> document["claims"][1]["proof"].pop(0) and check_certificate(document).accepted
        False

    References:
        Schema ``cayley.certificate/1``.
    """
    if not isinstance(certificate, dict):
        certificate = json.loads(_content(Path(certificate)))
    cells = None
    if table is not None:
        given = as_table(table)
        cells = sorted(
            [given.rows[a], given.columns[b], given.symbols[c]]
            for a, b, c in set(map(tuple, given.observations.tolist()))
        )
    try:
        claims = _checker.check(certificate, cells)
    except _checker.Refused as refused:
        return CertificateCheck(accepted=False, reason=str(refused))
    return CertificateCheck(accepted=True, claims=tuple(claims))


def _content(path: Path) -> bytes:
    """Return what a file holds, up to the limit of the checker."""
    if path.stat().st_size > _checker.MOST_BYTES:
        raise ValueError(f"{path} is larger than {_checker.MOST_BYTES} bytes.")
    return path.read_bytes()
