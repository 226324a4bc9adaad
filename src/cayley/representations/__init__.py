r"""Representations: groups as matrices, and how close matrices are to one.

A :class:`Representation` is a group with one matrix per element,
:math:`\rho(g) \rho(h) = \rho(gh)`, products in the order of the group's table. Two numbers say how
far a family of matrices is from a unitary one, :attr:`Representation.unitarity_defect` and
:attr:`Representation.homomorphism_defect`. The files, in the order in which one would read them:

* ``_defects``: the two numbers; ``_representation``: the class;
* ``_regular``: :func:`regular_representation`; ``_subgroup`` and ``_action``: :class:`Subgroup` and
  :class:`GroupAction`, exact; ``_constructions``: :func:`trivial_representation`,
  :func:`permutation_representation`, :func:`direct_sum`, :func:`tensor_product`, :func:`restrict`
  and :func:`induce`;
* ``_nearest``: :func:`nearest_representation` rounds matrices to a representation by averaging;
* ``_irreducible``: :func:`irreducible_representations`, unitary and real where they can be, in the
  order of the exact :func:`~cayley.algebra.character_table`; ``_decomposition``:
  :func:`decompose` and :func:`block_diagonalize` take any representation apart into them;
* ``_intertwiners``: :func:`intertwiners`, the equivariant linear maps between two representations,
  as many as the inner product of the characters says;
* ``_factors``: :func:`representation_from_factors` reads the representation out of the matrices
  that HyperCube or synchronization has learned;
* ``_real_blocks`` and ``_export``: :func:`to_arrays` and :func:`representation_to_gap`, for other
  programs; ``_files``: :func:`save_representation` and :func:`load_representation`.

>>> import torch
>>> from cayley.algebra import Group
>>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
>>> regular = regular_representation(s3)
>>> noise = 0.02 * torch.randn(6, 6, 6, generator=torch.Generator().manual_seed(0))
>>> found = nearest_representation(regular.matrices + noise, s3)
>>> decompose(found.representation)
(1, 1, 2)
>>> found.before.homomorphism > 0.05, found.after.homomorphism < 1e-14, found.converged
(True, True, True)
>>> turns = Subgroup.generated_by(s3, [3])
>>> induced = induce(irreducible_representations(turns.group)[0], turns)
>>> intertwiners(induced, regular).dimension, decompose(induced)
(2, (1, 1, 0))
"""

from cayley.representations._action import GroupAction
from cayley.representations._constructions import (
    direct_sum,
    induce,
    permutation_representation,
    restrict,
    tensor_product,
    trivial_representation,
)
from cayley.representations._decomposition import block_diagonalize, decompose
from cayley.representations._export import representation_to_gap, to_arrays
from cayley.representations._factors import representation_from_factors
from cayley.representations._files import load_representation, save_representation
from cayley.representations._intertwiners import intertwiners
from cayley.representations._irreducible import irreducible_representations
from cayley.representations._nearest import nearest_representation
from cayley.representations._regular import regular_representation
from cayley.representations._representation import Representation
from cayley.representations._subgroup import Subgroup

__all__ = [
    "GroupAction",
    "Representation",
    "Subgroup",
    "block_diagonalize",
    "decompose",
    "direct_sum",
    "induce",
    "intertwiners",
    "irreducible_representations",
    "load_representation",
    "nearest_representation",
    "permutation_representation",
    "regular_representation",
    "representation_from_factors",
    "representation_to_gap",
    "restrict",
    "save_representation",
    "tensor_product",
    "to_arrays",
    "trivial_representation",
]
