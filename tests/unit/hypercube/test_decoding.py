import pytest
import torch

from cayley.hypercube import decode, hypercube_product


@pytest.mark.parametrize("workspace", [1, 2**25])
def test_decoding_is_the_largest_product_of_every_cell(factors, workspace) -> None:
    A, B, C = (F[0] for F in factors((4, 3, 5), 6))
    T = hypercube_product(A, B, C).real
    decoded = decode(A, B, C, workspace_bytes=workspace)
    assert (torch.from_numpy(decoded.table) == T.argmax(-1)).all()
    ordered = T.sort(-1).values
    torch.testing.assert_close(
        torch.from_numpy(decoded.margin), ordered[..., -1] - ordered[..., -2]
    )


def test_a_single_symbol_has_no_margin() -> None:
    one = torch.ones(1, 1, 1)
    assert decode(one, one, one).margin.tolist() == [[0.0]]
