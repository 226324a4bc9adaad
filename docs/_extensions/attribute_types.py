"""Show the types of attributes as a user writes them, under public names.

Napoleon takes the types of a class's attributes from its annotations and writes them with the
modules that define them, such as ``cayley.tables._table.Table``. A reader wants
``cayley.tables.Table``, shown as ``Table`` and linked to its entry.

Of a property or an attribute with a text of its own Napoleon takes what stands before a colon for
the type. Here types are annotations, and a colon belongs to the sentence.
"""

import importlib
import re

import api_pages

_PRIVATE = re.compile(r"\bcayley(?:\.\w+)+")
_OUTSIDE = re.compile(
    r"\b(?:collections\.abc|typing|jaxtyping|numpy(?:\.typing)?|pathlib|torch)\.(?=\w)"
)
_ARRAY = re.compile(r"\bndarray\[tuple\[Any, \.\.\.\], dtype\[(\w+)\]\]")
_SEVERAL = re.compile(r"^(\s*)(\w+(?:, \w+)+): (.*)$")
_COLON = "\ue000"  # of the private use area: in no text
_FIELD = re.compile(r"^(\s*:(?:ivar|vartype|param|type) \w*[A-Za-z0-9])_: ?")


def split_names(app, what, name, obj, options, lines):  # noqa: PLR0917 - as Sphinx calls it
    """Give each of the attributes ``a, b: text`` a line: Napoleon takes ``a,`` for a type."""
    if what != "class":
        return
    new = []
    for line in lines:
        found = _SEVERAL.match(line) if "Attributes:" in lines else None
        names = found[2].split(", ") if found else []
        new += [f"{found[1]}{each}: {found[3]}" for each in names] or [line]
    lines[:] = new


def keep_colons(app, what, name, obj, options, lines):  # noqa: PLR0917 - as Sphinx calls it
    """Hide the colons of the first line of an attribute's text from Napoleon."""
    if what in {"attribute", "property", "data"} and lines:
        lines[0] = lines[0].replace(":", _COLON)


def clean_types(app, what, name, obj, options, lines):  # noqa: PLR0917 - as Sphinx calls it
    """Shorten the types, and keep the underscore at the end of a name."""
    lines[:] = [_FIELD.sub(r"\1\\_: ", shortened(line)).replace(_COLON, ":") for line in lines]


def shortened(line):
    """Return the line; if it is the type of an attribute, with public names only."""
    if not re.match(r"\s*:(?:var)?type ", line):
        return line
    return _ARRAY.sub("ndarray", _OUTSIDE.sub("", _PRIVATE.sub(public, line)))


def public(found):
    """Return the public path of a class, with a tilde, so that its last part is shown."""
    module, _, name = found[0].rpartition(".")
    thing = getattr(importlib.import_module(module), name, None)
    for room in api_pages.rooms():
        package = importlib.import_module(f"cayley.{room}")
        if getattr(package, name, None) is thing and name in getattr(package, "__all__", ()):
            return f"~cayley.{room}.{name}"
    return name


def setup(app):
    """Connect to Sphinx, on both sides of Napoleon, which has priority 500."""
    app.setup_extension("sphinx.ext.autodoc")  # which has the event
    app.connect("autodoc-process-docstring", split_names, priority=400)
    app.connect("autodoc-process-docstring", keep_colons, priority=400)
    app.connect("autodoc-process-docstring", clean_types, priority=600)
    return {"parallel_read_safe": True}
