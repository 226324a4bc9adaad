"""The energies of the parts as bars: each matrix of the network, with what chance explains."""

from cayley.interpretation import Explanation
from cayley.interpretation._sentences import group_name, percent
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures.drawing._style import BLUE, GREEN, VERMILLION

__all__ = ["part_energies_picture", "part_label"]

_MATRICES = {"left": BLUE, "right": VERMILLION, "unembedding": GREEN}
"""The colors of the three matrices: those that are told apart best."""

_MOST = 24
"""Most parts that are shown; more bars would be thinner than their labels."""

_BAR, _GAP, _LENGTH, _LEFT, _TOP = 9.0, 9.0, 420.0, 150.0, 26.0
_PALE = 0.35  # opacity of what chance explains: seen, and not taken for a claim


def part_energies_picture(explanation: Explanation) -> Drawing:
    """Draw the share of energy of each matrix in each part; what is claimed is solid.

    A stroke marks the share that chance explains. Of many parts those with the most energy are
    shown, in the order of the character table.

    Raises:
        ValueError: If no energies were measured.

    Example:
        >>> import numpy as np
        >>> from cayley.interpretation import explain
        >>> a, b, c = np.ogrid[:7, :7, :7]
        >>> turns = 2 * np.pi * np.arange(7)[:, None] / 7
        >>> found = explain({"logits": np.cos(2 * np.pi * (a + b - c) / 7),
        ...                  "left": np.hstack([np.cos(turns), np.sin(turns)])})
        >>> part_energies_picture(found).title
        'energies by part'
    """
    parts = explanation.parts
    if not parts:
        raise ValueError("no energies were measured; an embedding and a group are needed.")
    largest = [max(float(part.shares[i]) for part in parts)
               for i in range(len(explanation.irreducibles))]  # fmt: skip
    order = sorted(range(1, len(largest)), key=lambda i: -largest[i])[:_MOST]
    shown = sorted(order)
    top = max([*(largest[i] for i in shown), 0.01])
    marks: list[Mark] = []
    step = len(parts) * _BAR + _GAP
    for row, i in enumerate(shown):
        y = _TOP + row * step
        label = part_label(explanation, i)
        middle = y + len(parts) * _BAR / 2
        marks.append(Label(x=_LEFT - 8, y=middle, text=label, size=11.0, anchor="end"))
        for j, part in enumerate(parts):
            share, null = float(part.shares[i]), float(part.null[i])
            color, claimed = _MATRICES[part.name], bool(part.claimed[i])
            at = y + j * _BAR
            marks.append(
                Rectangle(
                    x=_LEFT,
                    y=round(at, 1),
                    width=round(max(share / top * _LENGTH, 0.5), 1),
                    height=_BAR - 1.5,
                    style=Style(fill=color, opacity=1.0 if claimed else _PALE),
                    hint=f"{part.name}, {label}: {percent(share)}, by chance {percent(null)}",
                )
            )
            if null <= top:
                x = round(_LEFT + null / top * _LENGTH, 1)
                marks.append(
                    Path(
                        d=f"M{x:g} {at - 0.5:g}L{x:g} {at + _BAR - 1:g}",
                        style=Style(stroke=INK, width=1.2),
                    )
                )
    height = _TOP + len(shown) * step + 26
    marks += _axis(top, height - 22)
    hidden = len(largest) - 1 - len(shown)
    if hidden:
        rest = f"and {hidden} parts with less"
        marks.append(Label(x=_LEFT - 8, y=height - 8, text=rest, size=10.0, anchor="end"))
    return Drawing(
        width=_LEFT + _LENGTH + 30,
        height=height,
        marks=tuple(marks),
        title="energies by part",
        description=_description(explanation),
        key=(*((_MATRICES[part.name], part.name) for part in parts),),
    )


def part_label(explanation: Explanation, place: int) -> str:
    """Return what a part is called: its frequency in abelian groups, else name and degree."""
    each = explanation.irreducibles[place]
    if each.frequency is not None:
        return f"frequency {','.join(map(str, each.frequency))}"
    return f"{each.name}, degree {each.degree}"


def _axis(top: float, y: float) -> list[Mark]:
    """Return a scale with its ends."""
    marks: list[Mark] = [
        Path(
            d=f"M{_LEFT:g} {y:g}L{_LEFT + _LENGTH:g} {y:g}",
            style=Style(stroke=INK, width=1.0, opacity=0.6),
        )
    ]
    for share, anchor in ((0.0, "start"), (top, "end")):
        x = _LEFT + (share / top) * _LENGTH
        text = f"{share:.0%}" if share == 0 else f"{share:.1%} of the energy"
        marks.append(Label(x=x, y=y + 10, text=text, size=10.0, anchor=anchor))
    marks.append(
        Label(
            x=_LEFT,
            y=11,
            text="solid: claimed; stroke: what shuffles of what larger parts leave explain",
            size=10.0,
            anchor="start",
        )
    )
    return marks


def _description(explanation: Explanation) -> str:
    """Return what a person who does not see the picture is told."""
    texts = [f"Energies in the parts of {isolated(group_name(explanation))}."]
    for part in explanation.parts:
        claimed = [i for i, yes in enumerate(part.claimed.tolist()) if yes]
        listed = ", ".join(
            f"{part_label(explanation, i)} {percent(float(part.shares[i]))}"
            for i in sorted(claimed, key=lambda i: -part.shares[i])[:6]
        )
        texts.append(f"{part.name}: {listed or 'nothing above chance'}.")
    return " ".join(texts)
