"""The bundled tables; they are found in the repository and where cayley is installed."""

import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

from cayley.studio.answers._table_documents import table_document
from cayley.tables import Table, read_table

__all__ = ["EXAMPLES", "example", "example_documents"]

EXAMPLES = {
    "c3v_partial": "Ammonia: symmetries of C3v, 22 of 36 known",
    "d4h_triples": "Square planar molecules: D4h, 102 of 256 known",
    "kariera_sections": "Kinship: Kariera sections, 9 of 16 known",
    "aranda_subsections": "Kinship: Aranda subsections, 29 of 64 known",
    "neo_riemannian": "Music: P, L, R on triads, 202 of 576 known",
    "subtraction_mod11_isotope": "Subtraction modulo 11, all names forgotten",
    "s3_61_percent": "S3, 61 % known",
    "dihedral12_noisy": "A hexagon's symmetries, 4 wrong entries",
}
"""Names of the files in ``examples/tables``, and what they hold."""


@cache
def _folder() -> Path:
    """Return the folder that holds the tables."""
    # The repository first: an editable install has no shared data, and in a wheel the first folder
    # does not exist.
    here = Path(__file__).parents[4] / "examples" / "tables"
    return (
        here if here.is_dir() else Path(sysconfig.get_path("data"), "share", "cayley", "examples")
    )


def example(name: str) -> Table:
    """Return a bundled table.

    Raises:
        ValueError: If there is none of this name.

    Example:
        >>> example("c3v_partial")
        Table(6 x 6 over 6 symbols, 22 of 36 cells known)
    """
    if name not in EXAMPLES:
        raise ValueError(f"`{name}` is no example; there are {', '.join(EXAMPLES)}.")
    return read_table(_folder() / f"{name}.csv")


@cache
def example_documents() -> list[dict[str, Any]]:
    """Return all examples with their names and what they hold, for the page.

    Example:
        >>> example_documents()[0]["title"], len(example_documents()[0]["table"]["rows"])
        ('Ammonia: symmetries of C3v, 22 of 36 known', 6)
    """
    return [
        {"name": name, "title": title, "table": table_document(example(name))}
        for name, title in EXAMPLES.items()
    ]
