r"""Labels such as ``-X`` and ``iX``: an element of a group times a power of a central i.

Physicists write products of Pauli matrices as ``XY = iZ``. As opaque labels, X, Y, Z and their six
further products satisfy no relation but :math:`X^2 = Y^2 = Z^2 = 1`, and generate an infinite
group. Read as phases, they generate the group of order 16.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, reduced

__all__ = ["PHASES", "phased_presentation", "read_phases"]

PHASES = ("", "i", "-", "-i")
"""The powers of i as prefixes of a label; i, -1 and -i are named so too."""

_MINUS_SIGN = "\u2212"  # typeset tables have it in place of the hyphen


def read_phases(operands: Sequence[str], names: Sequence[str]) -> dict[str, tuple[int, str]] | None:
    """Read labels as powers of i times an operand.

    Args:
        operands: The labels of rows and columns.
        names: All labels.

    Returns:
        The power of i, 1 to 3, and the operand for each label that can be so read; or None unless
        all labels that are no operands can.

    Example:
        >>> read_phases(["X", "Z"], ["X", "Z", "iX", "-Z"])
        {'iX': (1, 'X'), '-Z': (2, 'Z')}
        >>> read_phases(["X", "Z"], ["X", "Z", "iX", "Y"]) is None
        True
    """
    known = set(operands)
    phases: dict[str, tuple[int, str]] = {}
    for name in names:
        sign, rest = (2, name[1:]) if name[:1] in ("-", _MINUS_SIGN) else (0, name)
        # Where i is an operand, as among the quaternions, "ij" would be a product.
        if "i" not in known and rest[:1] == "i" and rest[1:] in known:
            phases[name] = (sign + 1, rest[1:])
        elif sign and rest in known:
            phases[name] = (sign, rest)
        elif name not in known:
            return None
    # An operand that is itself a phase times another one, such as -X beside X, stands for that.
    bases = known - set(phases)
    return phases if phases and all(base in bases for _, base in phases.values()) else None


def phased_presentation(
    cells: Int[NDArray[Any], "m 3"],
    names: Sequence[str],
    phases: Mapping[str, tuple[int, str]],
) -> tuple[UniversalPresentation, list[str]]:
    """Return the presentation with central phases, and the names of the elements without a label.

    Args:
        cells: Rows ``(a, b, c)``, places in ``names``.
        names: All labels.
        phases: What :func:`read_phases` returns.

    Returns:
        The presentation has two kinds of labels: those of the block, which must stay distinct, and
        the powers of i and their products with the operands that are no labels, whose names are
        returned.
    """
    # Without an odd power there is no reason to assume a square root of -1.
    powers = [1, 2, 3] if any(power % 2 for power, _ in phases.values()) else [2]
    used = [names[i] for i in np.unique(cells)]
    bases = dict.fromkeys(name for name in used if name not in phases)
    bases |= dict.fromkeys(base for _, base in phases.values())
    place = {name: i for i, name in enumerate(names)}
    element = {(0, base): place[base] for base in bases}
    element |= {phase: place[name] for name, phase in phases.items()}
    labeled = sorted(element.values())
    further = [PHASES[power] for power in powers]
    relations = [cells + 1]
    for i, left in enumerate(powers):
        for j, right in enumerate(powers):
            total = (left + right) % 4
            product = len(names) + powers.index(total) if total else -1  # -1: the identity
            relations.append(np.array([[len(names) + i, len(names) + j, product]]) + 1)
    for base in bases:
        for i, power in enumerate(powers):
            if (power, base) not in element:
                element[power, base] = len(names) + len(further)
                further.append(PHASES[power] + base)
            product = element[power, base]
            # Central: it makes no difference on which side of an operand the phase stands.
            phase, operand = len(names) + i, place[base]
            relations.append(np.array([[phase, operand, product], [operand, phase, product]]) + 1)
    width = max(len(names), len(further))
    labels = np.full((2, width), -1)
    labels[0, labeled] = np.array(labeled) + 1
    labels[1, : len(further)] = len(names) + 1 + np.arange(len(further))
    size = 1 + len(names) + len(further)
    nothing = np.empty((0, 2), np.int64)
    presentation = reduced(size, np.concatenate(relations), nothing, labels, distinct=(0,))
    return presentation, further
