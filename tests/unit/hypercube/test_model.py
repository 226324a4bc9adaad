import pytest
import torch

from cayley.hypercube import HyperCube, ObservedProducts
from cayley.hypercube._functional import penalty_gradients
from cayley.hypercube._gradients import data_gradients


def make(**options: object) -> HyperCube:
    return HyperCube(4, generator=torch.Generator().manual_seed(0), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("shared", [False, True], ids=["separate", "shared"])
@pytest.mark.parametrize("complex_factors", [False, True], ids=["real", "complex"])
def test_closed_form_gradient_is_autograd_of_the_module(shared, complex_factors) -> None:
    model = make(
        shared=shared, complex_factors=complex_factors, restarts=2, dim=5, dtype=torch.float64
    )
    triples = [[a, b, (a + b) % 4] for a in range(4) for b in range(3)]
    observations = ObservedProducts.from_triples(triples, sizes=(4, 4, 4))
    T = model(observations.left, observations.right)
    target = torch.nn.functional.one_hot(observations.symbol, 4)
    objective = (T - target).abs().square().sum() + 0.1 * model.penalty().sum()
    objective.backward()
    with torch.no_grad():
        data = model.pull_back(data_gradients(*model.factors, observations).gradients)
        penalty = model.pull_back(penalty_gradients(*model.factors))
        torch.testing.assert_close(model.penalty_gradient(), penalty)
    torch.testing.assert_close(model.matrices.grad, data + 0.1 * penalty, rtol=1e-10, atol=1e-10)


def test_entries_have_variance_one_over_d() -> None:
    for complex_factors in (False, True):
        model = make(dim=50, restarts=8, complex_factors=complex_factors)
        assert model.matrices.abs().square().mean().item() == pytest.approx(1 / 50, rel=0.05)


def test_the_same_generator_gives_the_same_model() -> None:
    assert torch.equal(make().matrices, make().matrices)


def test_sizes_and_dtype_come_from_the_caller() -> None:
    model = HyperCube((2, 3, 4), dtype=torch.float64)
    assert [tuple(F.shape) for F in model.factors] == [(1, 2, 4, 4), (1, 3, 4, 4), (1, 4, 4, 4)]
    assert model.matrices.dtype == torch.float64
    assert "dim=4" in repr(model)


def test_errors_name_the_argument() -> None:
    with pytest.raises(ValueError, match="`shared` factors must have one size"):
        HyperCube((2, 3, 2), shared=True)
    with pytest.raises(ValueError, match="must be positive; got 0"):
        HyperCube(0)
    with pytest.raises(TypeError, match="`dtype` must be"):
        HyperCube(2, dtype=torch.float16)


def test_state_dict_round_trip() -> None:
    one, two = make(), HyperCube(4)
    two.load_state_dict(one.state_dict())
    assert torch.equal(one.matrices, two.matrices)
