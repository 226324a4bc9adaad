"""Sums over triples against loops in double precision."""

import pytest
import torch

from cayley.synchronization import _terms
from cayley.synchronization._terms import Terms, agreements

SIZES = (5, 6, 7)


def problem(m: int, dtype: torch.dtype, d: int = 3, k: int = 2):
    g = torch.Generator().manual_seed(m)
    triples = torch.stack([torch.randint(0, n, (m,), generator=g) for n in SIZES], dim=1)
    triples[:, 0] = triples[:, 0].clamp(max=3)  # one label is never seen
    A = torch.randn(SIZES[0], d, d, generator=g, dtype=dtype)
    B = torch.randn(SIZES[1], d, k, generator=g, dtype=dtype)
    C = torch.randn(SIZES[2], d, k, generator=g, dtype=dtype)
    return triples, torch.rand(m, generator=g, dtype=torch.float64), (A, B, C)


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("m", [1, 7, 40, 200])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("workspace", [1, 1 << 22])
def test_sums_are_what_a_loop_adds_up(dtype, m, weighted, workspace, monkeypatch) -> None:
    monkeypatch.setattr(_terms, "WORKSPACE_BYTES", workspace)
    triples, weights, factors = problem(m, dtype)
    terms = Terms(triples, weights if weighted else None, SIZES)
    for place in range(3):
        first, second = (i for i in range(3) if i != place)
        left, right = factors[first], factors[second]
        if left.shape[1] == right.shape[1]:
            expected = torch.zeros(SIZES[place], left.shape[2], right.shape[2], dtype=dtype)
            for i, triple in enumerate(triples.tolist()):
                w = weights[i] if weighted else 1.0
                expected[triple[place]] += w * left[triple[first]].mT @ right[triple[second]]
            assert torch.allclose(terms.sums(place, left, right), expected)
        counts = torch.zeros(SIZES[place], dtype=torch.float64)
        for i, triple in enumerate(triples.tolist()):
            counts[triple[place]] += weights[i] if weighted else 1.0
        assert torch.allclose(terms.counts(place).double(), counts)
        new = terms.reweighted(2 * weights).counts(place)
        assert torch.allclose(new, 2 * Terms(triples, weights, SIZES).counts(place))


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
@pytest.mark.parametrize("workspace", [1, 1 << 22])
def test_agreements_are_traces(dtype, workspace, monkeypatch) -> None:
    monkeypatch.setattr(_terms, "WORKSPACE_BYTES", workspace)
    triples, _, (A, B, C) = problem(30, dtype)
    expected = [float(torch.trace(C[c].mH @ A[a] @ B[b]).real) / 2 for a, b, c in triples.tolist()]
    assert torch.allclose(agreements(triples, A, B, C), torch.tensor(expected).double())
