"""Write the API pages from the packages: one page a room, a table of its public names first.

Nothing is listed by hand. Rooms and their order come from the import contract in pyproject.toml,
names from ``__all__``, and their order from the room's own text: what its docstring mentions comes
first, in that order, the others follow by the alphabet. The pages are written into ``docs/api``
before Sphinx reads it and are not kept in the repository.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from pathlib import Path

import cayley

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "api"
COMMANDS = "cli"  # has no public names but its commands, which have a reference of their own
FIRST = {"cayley.completion": "solve"}  # what a newcomer looks for, wherever the text mentions it

# The top level in the order in which one uses it; a name that is missing here follows these.
TOP = ("solve", "Solution", "read_table", "write_table", "Table", "inspect", "next_cells",
       "check_certificate", "write_report", "identify", "Identification", "Theory", "Group",
       "Isotopism", "Representation", "generate", "mask")  # fmt: skip

_HEAD = """API
===

What most programs need is at the top level. Everything else is in *rooms*, each with a page that
begins with a table of its public names. A name that is not listed is private.

"""
_ROOMS = """The lowest room comes first: a room imports only from rooms above it in this list
(:doc:`architecture <../architecture>`).

"""


def write_api_pages(*_):
    """Write ``docs/api``: an index and a page for each room."""
    PAGES.mkdir(exist_ok=True)
    texts = {room: page(f"cayley.{room}") for room in rooms()}
    texts["index"] = index()
    for old in PAGES.glob("*.rst"):
        if old.stem not in texts:
            old.unlink()
    for name, text in texts.items():
        path = PAGES / f"{name}.rst"
        # A page that did not change keeps its date, so that Sphinx need not read it again.
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def rooms():
    """Return the names of all rooms but the commands, the lowest layer first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = contracts["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["id"] == "rooms")
    there = {each.name for each in pkgutil.iter_modules(cayley.__path__)} - {COMMANDS}
    there = {name for name in there if not name.startswith("_")}
    order = [re.findall(r"cayley\.(\w+)", layer) for layer in reversed(layers)]
    order = [name for layer in order for name in layer if name in there]
    return order + sorted(there.difference(order))


def names_of(module):
    """Return the public names: the one to begin with, those the docstring mentions, the others."""
    text = module.__doc__ or ""
    first = FIRST.get(module.__name__)

    def place(name):
        found = re.search(rf"(?<![\w.]){name}(?!\w)", text)
        return name != first, found.start() if found else len(text), name.lower()

    return sorted(getattr(module, "__all__", ()), key=place)


def subrooms(module):
    """Return the public packages inside a room, in the order in which its text mentions them."""
    text = module.__doc__ or ""
    found = [each.name for each in pkgutil.iter_modules(getattr(module, "__path__", ()))]
    found = [name for name in found if not name.startswith("_")]
    found.sort(key=lambda name: (text.find(f"``{name}``") % (len(text) + 1), name))
    return [importlib.import_module(f"{module.__name__}.{name}") for name in found]


def page(path):
    """Return the page of a room."""
    module = importlib.import_module(path)
    names = names_of(module)
    lines = [heading(path, "="), f".. automodule:: {path}\n   :no-members:\n"]
    if names:
        lines += [heading("Public names", "-"), table(path, names)]
    chapters = []
    for inner in subrooms(module):
        own = set(getattr(inner, "__all__", ()))
        mine = [name for name in names if name in own or defined_in(module, name, inner)]
        names = [name for name in names if name not in mine]
        if mine:  # a chapter of the room, whose names the room itself exports
            chapters.append((inner.__name__.rpartition(".")[2].capitalize(), path, mine))
        elif own:  # a package of its own
            chapters.append((inner.__name__, inner.__name__, names_of(inner)))
    in_chapters = bool(chapters) and chapters[0][1] == path
    if names and in_chapters and FIRST.get(path) not in names:  # what no chapter has, after them
        chapters.append(("Other names", path, names))
    elif names:  # a room in one piece, or what one begins with
        chapters.insert(0, ("Reference", path, names))
    for title, owner, listed in chapters:
        lines.append(heading(title, "-"))
        if owner != path:
            lines += [f".. automodule:: {owner}\n   :no-members:\n", table(owner, listed)]
        lines += [entry(owner, name) for name in listed]
    return "\n".join(lines)


def defined_in(module, name, package):
    """Whether a name of a room comes from one of its packages."""
    home = getattr(getattr(module, name), "__module__", None) or ""
    return f"{home}.".startswith(f"{package.__name__}.")


def index():
    """Return the page of the top level, `solve` first, and of the rooms, with a sentence each."""
    rows = []
    for room in rooms():
        module = importlib.import_module(f"cayley.{room}")
        rows.append((f":doc:`cayley.{room} <{room}>`", summary(module.__doc__)))
    top = [(reference(*home(name), shown=f"cayley.{name}"), summary_of("cayley", name))
           for name in top_level()]  # fmt: skip
    tree = "".join(f"   {room}\n" for room in rooms())
    return "\n".join([
        _HEAD + heading("Top level", "-"),
        ".. automodule:: cayley\n   :no-members:\n",
        rows_of(top),
        heading("Rooms", "-"),
        _ROOMS + rows_of(rows),
        f".. toctree::\n   :hidden:\n   :maxdepth: 1\n\n{tree}",
    ])  # fmt: skip


def top_level():
    """Return the public names of the top level, in the order in which one uses them."""
    names = [name for name in cayley.__all__ if not name.startswith("_")]
    return [name for name in TOP if name in names] + [name for name in names if name not in TOP]


def home(name):
    """Return the room that documents a name of the top level, and the name."""
    thing = getattr(cayley, name)
    for room in rooms():
        module = importlib.import_module(f"cayley.{room}")
        if name in getattr(module, "__all__", ()) and getattr(module, name) is thing:
            return f"cayley.{room}", name
    # The top level may have a shorter name for a function, such as inspect for inspect_table.
    for room in rooms():
        module = importlib.import_module(f"cayley.{room}")
        for other in getattr(module, "__all__", ()):
            if getattr(module, other) is thing:
                return f"cayley.{room}", other
    return "cayley", name


# Pieces of reStructuredText.


def heading(text, line):
    """Return a title with its underline."""
    return f"{text}\n{line * len(text)}\n"


def table(path, names):
    """Return the table of names, each with its first sentence."""
    return rows_of([(reference(path, name), summary_of(path, name)) for name in names])


def rows_of(rows):
    """Return a table of two columns."""
    body = "".join(f"   * - {left}\n     - {right}\n" for left, right in rows)
    return f".. list-table::\n   :widths: 30 70\n   :class: names\n\n{body}"


def reference(path, name, *, shown=None):
    """Return a link to a name, shown without its path."""
    return f":py:obj:`{shown or name} <{path}.{name}>`"


def entry(path, name):
    """Return the directive that documents a name under its public path."""
    thing = getattr(importlib.import_module(path), name)
    if inspect.isclass(thing):
        return f".. autoclass:: {path}.{name}\n   :members:\n"
    if inspect.isroutine(thing):
        return f".. autofunction:: {path}.{name}\n"
    value = f"   :value: {shown(thing)}\n" if len(shown(thing)) < 200 else ""
    text = inspect.cleandoc(data_doc(path, name)).replace("\n", "\n   ")
    return f".. py:data:: {path}.{name}\n{value}\n   {text}\n"


def summary_of(path, name):
    """Return the first sentence about a name."""
    thing = getattr(importlib.import_module(path), name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        return summary(thing.__doc__)
    text = data_doc(path, name)
    return summary(text) if text.strip() else f"``{shown(thing)}``"


def shown(value):
    """Return how a constant is shown: its value, without the modules that its types live in."""
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=\w)", "", repr(value))


def summary(text):
    """Return the first paragraph of a docstring up to the end of its first sentence, in a line."""
    first = inspect.cleandoc(text or "").partition("\n\n")[0]
    return " ".join(first.split()) or "\\ "


def data_doc(path, name):
    """Return the docstring of a constant, which stands below it in the file that defines it."""
    source = inspect.getsource(importlib.import_module(path))
    body = ast.parse(source).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            value = getattr(following, "value", None)
            is_text = isinstance(following, ast.Expr) and isinstance(value, ast.Constant)
            return value.value if is_text and isinstance(value.value, str) else ""
        if isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return data_doc(node.module, alias.name)
    return ""


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", write_api_pages)
    return {"parallel_read_safe": True}
