r"""Networks that respect a symmetry: equivariant layers, averages, bindings and aggregators.

Features are rows. An element :math:`g` of a group takes a batch ``x`` to ``x @ rho(g)``, so that
first :math:`g`, then :math:`h` is ``x @ rho(gh)``, the order of composition of the whole library.
A function is *equivariant* if :math:`f(x\,\rho(g)) = f(x)\,\sigma(g)`, *invariant* if
:math:`\sigma = 1`.

The files, in the order in which one would read them:

- *Built in.* ``_linear``: :class:`EquivariantLinear`, whose parameters are coefficients of the
  intertwiners of two representations; ``_convolution``: :class:`GroupConvolution`, the case of
  functions on the group and on homogeneous spaces; ``_nonlinearity``:
  :class:`RegularNonlinearity`; ``_network``: :class:`EquivariantNetwork` stacks them.
- *Wrapped around.* ``_averaging``: :class:`GroupAverage` makes any module invariant or equivariant
  by averaging over the group, :class:`FrameAverage` over a few elements that the input chooses;
  ``_frames``: :class:`ExtremalFrame` and :class:`PrincipalFrame` choose them. A ``Frame`` of
  your own returns a :class:`Framed` batch.
- *Operators as memory.* ``_binding``: :class:`MatrixBinding` binds symbols to roles by orthogonal
  matrices, learned ones for instance.
- *Sets.* ``_monoid``: :class:`CommutativeMonoid` learns an operation that reduces a set of vectors
  to one vector.
- ``_arrays``: modules return a NumPy array where they are given one.

:func:`cayley.testing.assert_equivariant` checks any of them.

Example:
    >>> import torch
    >>> from cayley.equivariance import EquivariantNetwork, FrameAverage, ExtremalFrame
    >>> from cayley.representations import GroupAction, permutation_representation
    >>> from cayley.representations import trivial_representation
    >>> from cayley.testing import assert_equivariant
    >>> square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
    >>> rho, one = permutation_representation(square), trivial_representation(square.group)
    >>> rng = torch.Generator().manual_seed(0)
    >>> x = torch.randn(8, 1, 4, generator=rng)
    >>> assert_equivariant(EquivariantNetwork(rho, one, hidden=(8,), generator=rng), x, rho)
    >>> any_module = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU())
    >>> assert_equivariant(FrameAverage(any_module, ExtremalFrame(rho)), x, rho)
"""

from cayley.equivariance._averaging import FrameAverage, GroupAverage
from cayley.equivariance._binding import MatrixBinding
from cayley.equivariance._convolution import GroupConvolution
from cayley.equivariance._frames import ExtremalFrame, PrincipalFrame
from cayley.equivariance._linear import EquivariantLinear
from cayley.equivariance._monoid import CommutativeMonoid
from cayley.equivariance._network import EquivariantNetwork
from cayley.equivariance._nonlinearity import RegularNonlinearity

__all__ = [
    "CommutativeMonoid",
    "EquivariantLinear",
    "EquivariantNetwork",
    "ExtremalFrame",
    "FrameAverage",
    "GroupAverage",
    "GroupConvolution",
    "MatrixBinding",
    "PrincipalFrame",
    "RegularNonlinearity",
]
