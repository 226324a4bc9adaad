"""Two operations on one set: rings, fields, semirings, near-rings, skew braces, and lattices.

The first operation is written as a sum, the second as a product, and so are meet and join in a
lattice, in either order:

>>> from cayley.algebra.rings import TwoOperations
>>> plus = [[(a + b) % 4 for b in range(4)] for a in range(4)]
>>> times = [[a * b % 4 for b in range(4)] for a in range(4)]
>>> found = TwoOperations.of(plus, times)
>>> found.kinds, found.name
(('commutative unital ring',), 'Z/4')
>>> found.failures["field"].law, found.failures["field"].instance
('multiplicative inverses', (2,))

Read in this order: ``_laws_of_two`` (what each law says, and where it fails first), and
``_two_operations`` (which kinds of structure the two operations are).
"""

from cayley.algebra.rings._two_operations import TwoOperations

__all__ = ["TwoOperations"]
