"""Print constraints for pip: the oldest release of each dependency that pyproject.toml admits.

``python scripts/lower_bounds.py > build/lower_bounds.txt``; with ``--tests`` it prints what the
tests need beside the package. Dependencies of the package get their lower bounds, and so do those
of the extra [tables], which the tests install: today's pandas needs numpy 2. Everything else
keeps the version of ``constraints.txt``, so that a failure is due to an old release and to nothing
else.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]

# torch keeps its pin. The bound 2.9 is published on the package index only with CUDA, which brings
# gigabytes of libraries, while the pinned release comes as a small build for processors.
KEPT = {"torch"}

# Pins that go with the newest release of a dependency: typer reads inside click (see HELD).
FREED = {"click"}

# Packages that only old releases of dependencies bring, held at a release of their time. With the
# newest ones typer 0.19 (click 8.5) and matplotlib 3.10.0 (pyparsing 3.3) give warnings of names
# that go, which end a test; the tests of the commands need click 8.2, which keeps stderr apart.
HELD = ("click==8.2.1", "pyparsing==3.2.5")

# Tools of the extra [dev] that no test imports. import-linter asks for a newer rich than cayley.
LINTERS = {"ruff", "mypy", "import-linter"}


def lower_bounds(dependencies: list[str], pins: list[str]) -> list[str]:
    """Return one ``name==version`` a line, sorted: the bounds, and the pins of everything else.

    Args:
        dependencies: Requirements ``name>=version``.
        pins: Lines of a constraints file; blank lines and comments are left out.

    Raises:
        ValueError: If a requirement has no lower bound.
    """
    pinned = dict(
        line.strip().split("==") for line in pins if line.strip() and not line.startswith("#")
    )
    # names are compared as pip does: Jinja2 and jinja2 are one
    chosen = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pinned.items()}
    for requirement in dependencies:
        match = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\w.]+)", requirement)
        if match is None:
            raise ValueError(f"`{requirement}` has no lower bound; write it as name>=version.")
        name = re.sub(r"[-_.]+", "-", match[1]).lower()
        if name not in KEPT:
            chosen[name] = match[2]
    return [f"{name}=={version}" for name, version in sorted(chosen.items()) if name not in FREED]


def needed_by_tests(dev: list[str]) -> list[str]:
    """Return the requirements of the extra [dev] without the linters."""
    return [each for each in dev if re.split("[>=<]", each)[0] not in LINTERS]


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if "--tests" in sys.argv[1:]:
        print("\n".join(needed_by_tests(project["optional-dependencies"]["dev"])))
        sys.exit()
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    bounded = project["dependencies"] + project["optional-dependencies"]["tables"]
    print("\n".join([*lower_bounds(bounded, constraints), *HELD]))
