"""Write tests/data/public_names.txt: every public name, one a line, sorted.

Run as ``python scripts/list_public_names.py`` after adding or removing a public name on purpose;
``tests/unit/test_public_names.py`` compares the file with the package.
"""

import importlib
import pkgutil
from pathlib import Path

import cayley

TARGET = Path(__file__).parents[1] / "tests" / "data" / "public_names.txt"


def public_names() -> list[str]:
    """Return ``room.name`` for every name in an ``__all__``, sorted; plain names for the top level.

    A sub-package is listed only with the names that its parent does not export, so that a name that
    both export (``cayley.algebra.Group`` and ``cayley.algebra.groups.Group``) is listed once.
    """
    names = list(cayley.__all__)
    # Empty for the top level, whose names are shortcuts: they are listed beside those of the rooms.
    exported: dict[str, set[str]] = {"cayley": set()}
    for found in pkgutil.walk_packages(cayley.__path__, "cayley."):
        if not found.ispkg or any(part.startswith("_") for part in found.name.split(".")):
            continue
        parent, _, _ = found.name.rpartition(".")
        own = importlib.import_module(found.name).__all__
        exported[found.name] = exported[parent] | set(own)
        new = [name for name in own if name not in exported[parent]]
        names += [f"{found.name.removeprefix('cayley.')}.{name}" for name in new]
    return sorted(names)


if __name__ == "__main__":
    TARGET.write_text("".join(f"{name}\n" for name in public_names()), encoding="utf-8")
