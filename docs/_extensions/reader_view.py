"""Show of a docstring what a user of the library needs, and leave out what its authors need.

A room's docstring ends with its private files in reading order, for those who open the source. A
user of the API reads about public names only, so these paragraphs and lists are left out. A class
whose attributes are written down at a private base gets them. The signature of a dataclass with
many fields is left out: its fields are listed right below, and nobody makes one by hand.
"""

import dataclasses
import inspect
import re
from itertools import groupby

_FILE = re.compile(r"``_\w[\w.]*``")
_LISTED = re.compile(r"\s*(?:[-*]|\d+\.|#\.) ")
_ELSEWHERE = re.compile(r"\s*Its attributes are those of :class:`\w+`\.\s*")
_MOST_FIELDS = 8  # of a signature that is easier to read than the list of fields below it


def leave_out_files(app, what, name, obj, options, lines):  # noqa: PLR0917 - as Sphinx calls it
    """Leave out of a room's text what names its private files."""
    if what == "module":
        lines[:] = without_files(lines)


def without_files(lines):
    """Return the lines without the paragraphs and lists in which private files are named.

    A paragraph that introduces such a list, ending with a colon, goes with it.
    """
    blocks = [list(found) for full, found in groupby(lines, key=lambda line: bool(line.strip()))
              if full]  # fmt: skip
    kept = []
    for block in blocks:
        if not _FILE.search("\n".join(block)):
            kept.append(block)
        elif _LISTED.match(block[0]) and kept and kept[-1][-1].rstrip().endswith(":"):
            kept.pop()
    return [line for block in kept for line in [*block, ""]]


def inherit_attributes(app, what, name, obj, options, lines):  # noqa: PLR0917 - as Sphinx calls it
    """Give a class the attributes that its text says are written down elsewhere."""
    places = [i for i, line in enumerate(lines) if _ELSEWHERE.fullmatch(line)]
    if what == "class" and places:
        base = next(each for each in obj.__mro__[1:] if "Attributes:" in (each.__doc__ or ""))
        text = inspect.cleandoc(base.__doc__).splitlines()
        start = text.index("Attributes:")
        end = next((i for i in range(start + 1, len(text)) if re.match(r"\S", text[i])), len(text))
        lines[places[0] : places[0] + 1] = text[start:end]


def shorten_signature(app, what, name, obj, options, signature, returned):  # noqa: PLR0917
    """Leave out the signature of a value with many fields."""
    if what == "class" and dataclasses.is_dataclass(obj) and len(dataclasses.fields(obj)) > (
        _MOST_FIELDS
    ):  # fmt: skip
        return "", returned
    return None


def setup(app):
    """Connect to Sphinx, before Napoleon, which has priority 500."""
    app.setup_extension("sphinx.ext.autodoc")  # which has the events
    app.connect("autodoc-process-docstring", leave_out_files, priority=300)
    app.connect("autodoc-process-docstring", inherit_attributes, priority=300)
    app.connect("autodoc-process-signature", shorten_signature)
    return {"parallel_read_safe": True}
