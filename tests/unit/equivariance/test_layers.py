"""Linear layers, convolutions, nonlinearities and networks commute with the group."""

import numpy as np
import pytest
import torch

from cayley.algebra import Group
from cayley.equivariance import (
    EquivariantLinear,
    EquivariantNetwork,
    GroupConvolution,
    RegularNonlinearity,
)
from cayley.representations import (
    GroupAction,
    Subgroup,
    direct_sum,
    intertwiners,
    irreducible_representations,
    permutation_representation,
    regular_representation,
    tensor_product,
    trivial_representation,
)
from cayley.tables import generate_family
from cayley.testing import assert_equivariant


def named(name):
    return Group.from_table(generate_family(name).aligned().array)


def draw(*shape, seed=0, dtype=torch.float32):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize("name", ["C1", "C4", "S3", "Q8", "A4", "S4"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_linear_layers_are_equivariant(name, dtype):
    group = named(name)
    regular = regular_representation(group)
    real = [rho for rho in irreducible_representations(group) if rho.is_real]
    vector = direct_sum(real[-1], real[0])
    for a, b in ((regular, regular), (vector, regular), (regular, vector), (vector, vector)):
        layer = EquivariantLinear(group, a, b, in_channels=2, out_channels=3, dtype=dtype)
        with torch.no_grad():
            for p in layer.parameters():
                p.copy_(draw(*p.shape, dtype=dtype))
        tolerance = 1e-6 if dtype == torch.float32 else 1e-13
        assert_equivariant(layer, draw(7, 2, a.degree, dtype=dtype), a, b, tolerance=tolerance)
        assert layer.coefficients.shape == (3, 2, intertwiners(a, b).dimension)


def test_complex_representations_have_complex_layers():
    group = named("C5")
    rho = irreducible_representations(group)[1]
    layer = EquivariantLinear(group, rho, tensor_product(rho, rho), dtype=torch.float64)
    assert layer.coefficients.numel() == 0
    layer = EquivariantLinear(group, rho, regular_representation(group), dtype=torch.float64)
    x = draw(4, 1, 1, dtype=torch.complex128)
    assert_equivariant(layer, x, rho, regular_representation(group), tolerance=1e-13)


def test_every_equivariant_map_can_be_learned():
    """The layer's weights span all solutions: a random average is reproduced exactly."""
    group = named("S3")
    regular, vector = regular_representation(group), irreducible_representations(group)[2]
    X = draw(6, 2, dtype=torch.float64)
    average = torch.stack(
        [regular.matrices[g] @ X @ vector.matrices[group.inverses[g]] for g in range(6)]
    ).mean(0)
    layer = EquivariantLinear(group, regular, vector, dtype=torch.float64, bias=False)
    basis = torch.stack([_weight(layer, k) for k in range(layer.coefficients.shape[-1])])
    solution = torch.linalg.lstsq(basis.flatten(1).T, average.flatten()).solution
    assert torch.allclose(torch.einsum("k,kst->st", solution, basis), average, atol=1e-12)


def _weight(layer, k):
    with torch.no_grad():
        layer.coefficients.zero_()
        layer.coefficients[0, 0, k] = 1
        return layer.weight[0, 0].clone()


def test_the_variance_is_kept():
    group = named("S4")
    regular = regular_representation(group)
    layer = EquivariantLinear(
        group, regular, regular, in_channels=8, out_channels=8,
        generator=torch.Generator().manual_seed(0),
    )  # fmt: skip
    assert 0.8 < float(layer(draw(500, 8, 24)).detach().std()) < 1.25


def test_gradients_reach_the_coefficients():
    group = named("S3")
    rho = irreducible_representations(group)[2]
    total = direct_sum(rho, trivial_representation(group))
    layer = EquivariantLinear(group, rho, total, dtype=torch.float64)
    x = draw(3, 1, 2, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(layer, (x,))
    layer(x).square().sum().backward()
    assert all(p.grad is not None for p in layer.parameters())


def test_group_convolution_is_the_textbooks(name="S3"):
    """y(u) = sum_v x(v) k(v^-1 u), summed one pair at a time."""
    group = named(name)
    action = GroupAction.regular(group)
    layer = GroupConvolution(action, action, in_channels=2, out_channels=1, bias=False)
    x = draw(2, group.order)
    kernel = torch.empty(2, group.order)
    for i in range(2):
        for u in range(group.order):  # k at u: the weight from the identity to u
            kernel[i, u] = layer.weight[0, i, group.identity, u]
    expected = torch.zeros(group.order)
    for u in range(group.order):
        for v in range(group.order):
            expected[u] += (x[:, v] * kernel[:, group.table[group.inverses[v], u]]).sum()
    assert torch.allclose(layer(x[None])[0, 0], expected, atol=1e-5)


def test_convolution_on_homogeneous_spaces():
    group = named("S4")
    spaces = [
        GroupAction.on_cosets(Subgroup.generated_by(group, [g])) for g in (0, *group.generators[:2])
    ]
    for a in spaces:
        for b in spaces:
            layer = GroupConvolution(a, b, in_channels=2, out_channels=2)
            rho, sigma = permutation_representation(a), permutation_representation(b)
            assert_equivariant(layer, draw(3, 2, a.degree), rho, sigma)
            assert layer.kernel.shape == (2, 2, intertwiners(rho, sigma).dimension)


def test_regular_nonlinearities():
    group = named("S3")
    vector = irreducible_representations(group)[2]
    regular = regular_representation(group)
    x = draw(20, 3, 6)
    pointwise = RegularNonlinearity(regular)
    assert torch.equal(pointwise(x), torch.relu(x))
    assert_equivariant(pointwise, x, regular, regular)
    assert_equivariant(RegularNonlinearity(vector, torch.tanh), draw(20, 3, 2), vector, vector)
    bent = RegularNonlinearity(vector, torch.relu)
    x = draw(1, 1, 2)
    assert not torch.allclose(bent(x) + bent(-x), torch.zeros(1), atol=1e-3)  # not linear
    with pytest.raises(ValueError, match="must be real"):
        RegularNonlinearity(irreducible_representations(named("C5"))[1])


@pytest.mark.parametrize("invariant", [True, False])
def test_networks(invariant):
    square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
    rho = permutation_representation(square)
    out = trivial_representation(square.group) if invariant else rho
    network = EquivariantNetwork(rho, out, hidden=(8, 8, 8), in_channels=3, out_channels=2)
    assert_equivariant(network, draw(16, 3, 4), rho, out)


def test_numpy_in_numpy_out():
    square = GroupAction.from_permutations([[1, 2, 3, 0]])
    rho = permutation_representation(square)
    network = EquivariantNetwork(rho, rho, hidden=(4,))
    x = draw(5, 1, 4)
    got = network(x.double().numpy())
    assert isinstance(got, np.ndarray)
    assert np.allclose(got, network(x).detach().numpy(), atol=1e-6)


def test_a_state_dict_goes_round():
    group = named("S3")
    rho = regular_representation(group)
    one, two = (EquivariantNetwork(rho, rho, hidden=(4,)) for _ in range(2))
    two.load_state_dict(one.state_dict())
    x = draw(2, 1, 6)
    assert torch.equal(one(x), two(x))


def test_messages():
    group = named("S3")
    rho = regular_representation(group)
    with pytest.raises(ValueError, match="`in_rep` must be of the given group"):
        EquivariantLinear(group, regular_representation(named("C5")), rho)
    with pytest.raises(ValueError, match="channels must be positive"):
        EquivariantLinear(group, rho, rho, out_channels=0)
    with pytest.raises(ValueError, match=r"`x` must have shape \(..., 1, 6\)"):
        EquivariantLinear(group, rho, rho)(torch.zeros(2, 6))
