"""Racks and quandles: operations whose translations on one side are automorphisms.

A *left rack* has ``x(yz) = (xy)(xz)`` and rows without repeats; a *quandle* is idempotent besides,
and a *kei* has ``x(xy) = y``. Conjugation in a group is a quandle, and so is reflection in points:

>>> from cayley.algebra.quandles import QuandleParts
>>> reflections = [[(2 * a - b) % 4 for b in range(4)] for a in range(4)]
>>> QuandleParts.of(reflections).orbits
((0, 2), (1, 3))

Read in this order: ``_quandle`` (left and right quandles), ``_parts`` (the group that the
translations generate, and what follows from it).
"""

from cayley.algebra.quandles._parts import QuandleParts

__all__ = ["QuandleParts"]
