"""What other programs read: real blocks, arrays and GAP's matrices."""

import re

import numpy as np
import pytest
import torch

from cayley.representations import (
    GroupAction,
    irreducible_representations,
    permutation_representation,
    regular_representation,
    representation_to_gap,
    tensor_product,
    to_arrays,
)
from cayley.representations._real_blocks import real_blocks


@pytest.mark.parametrize("name", ["C1", "C2", "C5", "S3", "Q8", "A4", "C3xS3", "12:1"])
def test_real_blocks_rebuild_the_representation(named_group, name):
    rho = regular_representation(named_group(name))
    found = real_blocks(rho)
    Q = found.change_of_basis
    assert torch.allclose(Q.mT @ Q, torch.eye(rho.degree, dtype=Q.dtype), atol=1e-11)
    assert found.residual < 1e-11
    assert sum(block.degree for block in found.blocks) == rho.degree
    for block in set(found.blocks):  # irreducible over the reals: 1, 2 or 4
        norm = float((block.character**2).mean())
        assert round(norm) in (1, 2, 4)
        assert block.homomorphism_defect < 1e-11


def test_quaternions_have_a_block_of_four(named_group):
    found = real_blocks(regular_representation(named_group("Q8")))
    assert [block.degree for block in found.blocks] == [1, 1, 1, 1, 4]
    assert found.names[-1] == "2X.5"


def test_arrays_satisfy_the_stated_equation(named_group):
    rho = tensor_product(*[regular_representation(named_group("S3"))] * 2)
    arrays = to_arrays(rho)
    Q = arrays["change_of_basis"]
    for g in range(6):
        blocks = np.zeros_like(Q)
        start = 0
        for name in arrays["irreps"]:
            block = arrays[f"irrep:{name}"][g]
            blocks[start : start + len(block), start : start + len(block)] = block
            start += len(block)
        assert np.allclose(Q @ blocks @ np.linalg.inv(Q), arrays["matrices"][g], atol=1e-10)


def test_complex_representations_are_refused(named_group):
    rho = irreducible_representations(named_group("C5"))[1]
    with pytest.raises(ValueError, match="real and orthogonal"):
        to_arrays(rho)
    with pytest.raises(ValueError, match="must be real"):
        representation_to_gap(rho)


def test_gap_code_holds_the_matrices():
    rho = permutation_representation(GroupAction.from_permutations([[1, 2, 0]]))
    code = representation_to_gap(rho)
    rows = re.findall(r"\[ ([01](?:, [01])*) \]", code.split("matrices := ")[1])
    got = np.array([[int(x) for x in row.split(", ")] for row in rows]).reshape(3, 3, 3)
    assert np.array_equal(got, rho.matrices.numpy())
    assert "GroupHomomorphismByImages" in code


def test_gap_code_of_irrational_matrices_is_not_called_exact(named_group):
    rho = irreducible_representations(named_group("S3"))[2]
    assert "GroupHomomorphismByImages" not in representation_to_gap(rho)


def test_gap_reads_the_homomorphism():
    pytest.importorskip("passagemath_gap", reason="GAP is an optional oracle")
    from sage.libs.gap.libgap import libgap

    square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
    code = representation_to_gap(permutation_representation(square))
    libgap.eval("SetRecursionTrapInterval(10^9)")
    libgap.eval("function(text) Read(InputTextString(text)); return true; end")(code)
    assert bool(libgap.eval("rho <> fail and IsInjective(rho)"))
    assert int(libgap.eval("Size(Image(rho))")) == 8
