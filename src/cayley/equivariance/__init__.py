r"""Networks that respect a symmetry: equivariant layers, averages, bindings and aggregators.

Features are rows. An element :math:`g` of a group takes a batch ``x`` to ``x @ rho(g)``, so that
first :math:`g`, then :math:`h` is ``x @ rho(gh)``, the order of composition of the whole library.
A function is *equivariant* if :math:`f(x\,\rho(g)) = f(x)\,\sigma(g)`, *invariant* if
:math:`\sigma = 1`.

- *Built in.* :class:`EquivariantLinear` spends its parameters on the intertwiners of two
  representations, :class:`GroupConvolution` is the case of functions on the group and on
  homogeneous spaces, :class:`RegularNonlinearity` goes between;
  :class:`EquivariantNetwork` stacks them.
- *Wrapped around.* :class:`GroupAverage` makes any module invariant or equivariant by averaging
  over the group, :class:`FrameAverage` over a few elements that the input chooses
  (:class:`ExtremalFrame`, :class:`PrincipalFrame`).
- *Operators as memory.* :class:`MatrixBinding` binds symbols to roles by orthogonal matrices,
  learned ones for instance. :class:`CommutativeMonoid` learns how to take sets together.

:func:`cayley.testing.assert_equivariant` is the test. All modules answer NumPy arrays with arrays.

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

from cayley.equivariance._averaging import Frame, FrameAverage, Framed, GroupAverage
from cayley.equivariance._binding import CleanUp, MatrixBinding
from cayley.equivariance._convolution import GroupConvolution
from cayley.equivariance._frames import ExtremalFrame, PrincipalFrame
from cayley.equivariance._linear import EquivariantLinear
from cayley.equivariance._monoid import CommutativeMonoid, MonoidDefects, tree_reduce
from cayley.equivariance._network import EquivariantNetwork
from cayley.equivariance._nonlinearity import RegularNonlinearity

__all__ = [
    "CleanUp",
    "CommutativeMonoid",
    "EquivariantLinear",
    "EquivariantNetwork",
    "ExtremalFrame",
    "Frame",
    "FrameAverage",
    "Framed",
    "GroupAverage",
    "GroupConvolution",
    "MatrixBinding",
    "MonoidDefects",
    "PrincipalFrame",
    "RegularNonlinearity",
    "tree_reduce",
]
