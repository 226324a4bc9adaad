r"""Representations: groups as matrices, and how close matrices are to one.

A :class:`Representation` is a group with one matrix per element,
:math:`\rho(g) \rho(h) = \rho(gh)`, products in the order of the group's table. Two numbers say how
far a family of matrices is from a unitary one, :func:`unitarity_defect` and
:func:`homomorphism_defect`; :func:`nearest_representation` rounds it to one and reports both,
before and after. :func:`representation_from_factors` does so for what HyperCube has learned.

:func:`irreducible_representations` finds the building blocks, unitary and real where they can be,
in the order of the exact :func:`~cayley.algebra.character_table`; :func:`decompose` and
:func:`block_diagonalize` take any representation apart into them.

New ones are made from old ones by :func:`direct_sum`, :func:`tensor_product`, :func:`restrict` and
:func:`induce` along a :class:`Subgroup`, and from a :class:`GroupAction` on points by
:func:`permutation_representation`. :func:`intertwiners` are the equivariant linear maps between
two of them, as many as the inner product of the characters says.

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

from cayley.representations._action import GroupAction, coset_action, regular_action
from cayley.representations._constructions import (
    as_representation,
    direct_sum,
    induce,
    permutation_representation,
    restrict,
    tensor_product,
    trivial_representation,
)
from cayley.representations._decomposition import (
    BlockDiagonalization,
    block_diagonalize,
    decompose,
)
from cayley.representations._defects import Defects, homomorphism_defect, unitarity_defect
from cayley.representations._export import (
    RealBlocks,
    real_blocks,
    representation_to_gap,
    to_arrays,
)
from cayley.representations._factors import ReadOut, representation_from_factors
from cayley.representations._files import load_representation, save_representation
from cayley.representations._intertwiners import Intertwiners, intertwiners, orbitals
from cayley.representations._irreducible import irreducible_representations
from cayley.representations._nearest import NearestRepresentation, nearest_representation
from cayley.representations._regular import regular_representation
from cayley.representations._representation import Representation
from cayley.representations._subgroup import Subgroup

__all__ = [
    "BlockDiagonalization",
    "Defects",
    "GroupAction",
    "Intertwiners",
    "NearestRepresentation",
    "ReadOut",
    "RealBlocks",
    "Representation",
    "Subgroup",
    "as_representation",
    "block_diagonalize",
    "coset_action",
    "decompose",
    "direct_sum",
    "homomorphism_defect",
    "induce",
    "intertwiners",
    "irreducible_representations",
    "load_representation",
    "nearest_representation",
    "orbitals",
    "permutation_representation",
    "real_blocks",
    "regular_action",
    "regular_representation",
    "representation_from_factors",
    "representation_to_gap",
    "restrict",
    "save_representation",
    "tensor_product",
    "to_arrays",
    "trivial_representation",
    "unitarity_defect",
]
