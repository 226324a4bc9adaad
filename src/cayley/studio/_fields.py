"""Form fields with labels, made of the browser's own elements.

Native elements work with keyboards and screen readers; the framework's own replace them by others.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

__all__ = ["Field", "button", "checkboxes", "select_field", "text", "text_field"]


def text(tag: str, content: str = "", classes: str = "") -> TextElement:
    """Make an element that holds text and nothing else; no HTML in the text is interpreted."""
    element = TextElement(tag=tag, text=content)
    element.classes(classes)
    return element


class Field:
    """A field with a value that the visitor changes.

    Args:
        element: A native form element.
        value: What is in it.
    """

    def __init__(self, element: Element, value: str) -> None:
        self._element, self._value = element, value
        self._reactions: list[Callable[[str], object]] = []
        element.props["value"] = value
        # The browser sends the value alone: a whole event would be large, and is not needed.
        element.on("input", self._take, js_handler="(e) => emit(e.target.value)")

    def on_input(self, react: Callable[[str], object]) -> None:
        """Call a function with the value whenever the visitor has changed it."""
        self._reactions.append(react)

    def _take(self, event: Any) -> None:
        """Keep what the visitor has typed."""
        self._value = str(event.args)
        self._element.props["value"] = self._value  # so that a redrawing keeps it
        for react in self._reactions:
            react(self._value)

    @property
    def value(self) -> str:
        """What is in the field."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        self._value = value
        self._element.props["value"] = value
        self._element.update()

    def number(self, name: str, *, least: float, most: float) -> float:
        """Return the value as a number.

        Raises:
            ValueError: If it is none, or out of range.
        """
        try:
            number = float(self._value)
        except ValueError:
            number = float("nan")  # in no range, so that one message serves both
        if not least <= number <= most:
            raise ValueError(
                f"{name} must be a number from {least:g} to {most:g}; got {self._value!r}."
            )
        return number


def text_field(label: str, value: str, *, kind: str = "text", **attributes: Any) -> Field:
    """Make a labeled field for text; for numbers with ``kind="number"``."""
    with ui.element("label").classes("field"):
        text("span", label)
        element = ui.element("textarea" if kind == "textarea" else "input")
        if kind != "textarea":
            element.props["type"] = kind
        for name, content in attributes.items():
            element.props[name] = content
    return Field(element, value)


def select_field(
    label: str,
    options: Mapping[str, str],
    value: str,
    on_change: Callable[[str], object] | None = None,
) -> Field:
    """Make a labeled choice of one among several."""
    with ui.element("label").classes("field"):
        text("span", label)
        element = ui.element("select")
        with element:
            for key, content in options.items():
                text("option", content).props["value"] = key
    field = Field(element, value)
    if on_change is not None:
        element.on(
            "change", lambda e: on_change(str(e.args)), js_handler="(e) => emit(e.target.value)"
        )
    return field


def checkboxes(label: str, options: Mapping[str, str], chosen: set[str]) -> None:
    """Make a labeled choice of several; ``chosen`` is changed in place."""
    with ui.element("fieldset"):
        text("legend", label)
        with ui.element("div"):
            for key, content in options.items():
                with ui.element("label"):
                    box = ui.element("input")
                    box.props["type"] = "checkbox"
                    box.props["checked"] = key in chosen
                    text("span", f" {content}")

                # The default binds this key; without it all boxes would change the last one.
                def take(event: Any, key: str = key) -> None:
                    (chosen.add if event.args else chosen.discard)(key)

                box.on("change", take, js_handler="(e) => emit(e.target.checked)")


def button(content: str, on_click: Callable[[], Any], *, main: bool = False) -> TextElement:
    """Make a button."""
    element = text("button", content, "main" if main else "")
    element.props["type"] = "button"  # without it a button in a form would send the form
    element.on("click", lambda _: on_click())
    return element
