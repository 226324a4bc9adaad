"""What a page says first and last: name, one sentence, the command, the versions."""

from importlib.metadata import PackageNotFoundError, version

from cayley.completion import Solution
from cayley.completion.solution._json import word_for
from cayley.completion.solution._notebook import is_conditional
from cayley.completion.solution._wording import a_kind
from cayley.report._inspected import Inspected

__all__ = ["command", "heading", "lead", "versions"]


def heading(solution: Solution, found: Inspected | None = None) -> str:
    """Return what the table is, as a title; one that is not certain says so."""
    what = solution.identification
    shape = " × ".join(map(str, solution.table.array.shape))
    part = _named_part(found)
    if what is not None and what.name is not None and solution.isotopism is not None:
        isotope = "" if solution.structure == "group" else "Isotope of "
        # The group of order 1 is called "1".
        title = f"{isotope}{what.name}" if what.name != "1" else "Trivial group"
    elif part is not None and not solution.counts["predicted"]:
        title = f"{part[0].upper()}{part[1:]}, {shape}"
    elif solution.assumption is not None and solution.status in ("solved", "predicted"):
        kind = a_kind(solution.assumption).partition(" ")[2]
        title = f"{kind[0].upper()}{kind[1:]}, {shape}"
    else:
        return f"Operation table, {shape}"
    if is_conditional(solution):
        return f"{title}, not proved"
    return f"{title}, predicted" if solution.status == "predicted" else title


def _named_part(found: Inspected | None) -> str | None:
    """Return the name of a loop, or the most special word for what is no group and is no magma."""
    if found is None or found.description is not None:
        return None
    name = found.loop_name
    if name is not None:
        return name
    kind = found.kind.partition(" ")[2]
    return None if kind in ("magma", "quasigroup", "group isotope") else kind


def lead(solution: Solution, found: Inspected | None) -> str:
    """Return what the table shown is, in one sentence.

    It says that it is about the table shown where that is not certain to be the right one.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.report._inspected import inspected
        >>> from cayley.tables import generate_family
        >>> solution = solve(generate_family("S3"))
        >>> lead(solution, inspected(solution))
        'A group of 6 elements, not abelian but solvable, with 6 subgroups in 4 classes.'
    """
    said = _what_it_is(solution, found)
    certain = solution.status == "solved" and not is_conditional(solution)
    return said if certain or found is None else f"The table shown is {said[0].lower()}{said[1:]}"


def _what_it_is(solution: Solution, found: Inspected | None) -> str:
    table = solution.table
    if found is None:
        rows, columns = table.array.shape
        size, known = table.array.size, int((table.array >= 0).sum())
        cells = "every cell known" if known == size else f"{known} of {size} cells known"
        return f"A table of {rows} rows and {columns} columns, {cells}."
    group = found.description
    if group is None:
        numbers = " and ".join(found.numbers)
        number = f"; {numbers}" if numbers else ""
        word = found.kind[0].upper() + found.kind[1:]
        return f"{word} of {len(table.rows)} elements{number}."
    properties = "abelian" if group.abelian else "not abelian"
    if group.simple:
        properties = f"{properties}, and simple"
    elif not group.abelian:
        nilpotent = "nilpotent" if group.nilpotent else "solvable"
        properties += f" but {nilpotent}" if group.solvable else ", and not solvable"
    subgroups = ""
    if group.subgroups is not None:
        each, classes = group.subgroups["all"], group.subgroups["classes"]
        in_classes = "" if group.abelian else f" in {classes} classes"
        subgroups = f", with {each} subgroup{'s' if each > 1 else ''}{in_classes}"
    word = "A group" if solution.structure == "group" else f"{_isotope(found)} of a group"
    elements = "1 element" if group.order == 1 else f"{group.order} elements"
    return f"{word} of {elements}, {properties}{subgroups}."


def _isotope(found: Inspected) -> str:
    """Return what an isotope of a group is by itself, if that has a word."""
    word = "An isotope"
    if found.kind and found.kind not in ("a group isotope", "a quasigroup", "a magma"):
        return f"{found.kind[0].upper()}{found.kind[1:]}, an isotope"
    return word


def command(solution: Solution, source: str | None) -> str:
    """Return the command that repeats the run, quoted for a shell."""
    import shlex

    options = solution.options
    assume = word_for(solution.assume)
    # For a document without options: auto deduces first, so it repeats a run that was exact.
    solver = "auto" if solution.solver == "exact" else solution.solver
    words = ["cayley", "complete", source or "FILE"]
    words += ["--assume", assume]
    words += ["--solver", str(options.get("solver", solver)), "--seed", str(solution.seed)]
    for name in ("restarts", "time_limit"):
        if options.get(name) is not None:
            words += [f"--{name.replace('_', '-')}", f"{options[name]}"]
    if options.get("open"):  # a block whose results go outside its labels was taken as it is
        words.append("--open")
    return shlex.join(words)


def versions() -> dict[str, str]:
    """Return the versions that the result may depend on."""
    import platform

    found = {"Python": platform.python_version()}
    for package in ("cayley", "numpy", "torch"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a package that runs from its sources has no metadata
            continue
    return found
