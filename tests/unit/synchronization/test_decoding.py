"""Decoding against all scores by brute force."""

import numpy as np
import pytest
import torch

from cayley.synchronization import _decoding
from cayley.synchronization._decoding import decode


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("chunk", [1, 1 << 26])
@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize("weighed", [False, True])
def test_decoded_is_what_all_scores_say(dtype, chunk, width, weighed, monkeypatch) -> None:
    monkeypatch.setattr(_decoding, "_CHUNK_BYTES", chunk)
    g = torch.Generator().manual_seed(0)
    A = torch.randn(5, 3, 3, generator=g, dtype=dtype)
    B = torch.randn(6, 3, width, generator=g, dtype=dtype)
    C = torch.randn(4, 3, width, generator=g, dtype=dtype)
    root = torch.randn(width, width, generator=g, dtype=dtype)
    W = root @ root.mH if weighed else torch.eye(width, dtype=dtype)
    S = torch.einsum("kl,aij,bjk,cil->abc", W, A, B, C.conj()).real / W.trace().real
    S = S.numpy()
    found = decode(A, B, C, W if weighed else None)
    ordered = np.sort(S, axis=2)
    assert (found.table == S.argmax(2)).all()
    assert np.allclose(found.score, ordered[..., -1])
    assert np.allclose(found.margin, ordered[..., -1] - ordered[..., -2])
    for a in range(5):
        for b in range(6):
            c = found.table[a, b]
            mutual = S[a, b, c] == S[a, :, c].max() == S[:, b, c].max() == S[a, b, :].max()
            assert found.mutual[a, b] == mutual
    eigenvalues = torch.linalg.eigvalsh(W)
    spread = eigenvalues.square().mean().sqrt() / eigenvalues.sum()
    assert found.unit == pytest.approx(float(spread))
