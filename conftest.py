"""Leaves out of the run what needs an extra that is not installed."""

from importlib.util import find_spec

_NEEDS_NICEGUI = ["_card", "_editor", "_fields", "_page", "_settings_form", "_web"]

collect_ignore = (
    [] if find_spec("nicegui") else [f"src/cayley/studio/{name}.py" for name in _NEEDS_NICEGUI]
)
