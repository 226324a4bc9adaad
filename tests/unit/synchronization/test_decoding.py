"""Decoding against all scores by brute force."""

import numpy as np
import pytest
import torch

from cayley.synchronization import _decoding, decode


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("chunk", [1, 1 << 26])
@pytest.mark.parametrize("width", [2, 3])
def test_decoded_is_what_all_scores_say(dtype, chunk, width, monkeypatch) -> None:
    monkeypatch.setattr(_decoding, "_CHUNK_BYTES", chunk)
    g = torch.Generator().manual_seed(0)
    A = torch.randn(5, 3, 3, generator=g, dtype=dtype)
    B = torch.randn(6, 3, width, generator=g, dtype=dtype)
    C = torch.randn(4, 3, width, generator=g, dtype=dtype)
    S = torch.einsum("aij,bjk,cik->abc", A, B, C.conj()).real.numpy() / width
    found = decode(A, B, C)
    ordered = np.sort(S, axis=2)
    assert (found.table == S.argmax(2)).all()
    assert np.allclose(found.score, ordered[..., -1])
    assert np.allclose(found.margin, ordered[..., -1] - ordered[..., -2])
    for a in range(5):
        for b in range(6):
            c = found.table[a, b]
            mutual = S[a, b, c] == S[a, :, c].max() == S[:, b, c].max() == S[a, b, :].max()
            assert found.mutual[a, b] == mutual
    assert found.unit == 1 / width
