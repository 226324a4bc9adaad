"""How many symbols in roles one vector can hold: the capacity of matrix bindings."""

import torch
from torch import Tensor

from cayley._random import generator, stream_seed
from cayley.equivariance import MatrixBinding
from cayley.experiments._suite import Context, Measurement

__all__ = ["BINDINGS", "run_capacity"]

BINDINGS = (
    "random-64",
    "random-256",
    "learned-24",
    "random-24",
    "holographic-64",
    "holographic-256",
)
"""Random orthogonal roles, roles that HyperCube learned from the table of S4, and circular
convolution; the number is the dimension."""

_SYMBOLS = 200  # to be told apart: a guess is right once in 200 times
_ROLES = 24  # the elements of S4, whose matrices are learned; likewise for the others
_TRIALS = 40  # answers for one pair, 960 for all roles
_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
_DEPTHS = (1, 2, 4, 8, 16, 32)


def run_capacity(method: str, context: Context) -> Measurement:
    """Bundle ever more bound pairs and count how many symbols are found again."""
    kind, dimension = method.split("-")
    if kind == "holographic":
        accuracy = _holographic(int(dimension), context.seed)
        nested: list[float] = []
    else:
        memory = _memory(kind, int(dimension), context.seed)
        accuracy = [_bundle_accuracy(memory, k, context) for k in _COUNTS]
        nested = [_nested_accuracy(memory, depth, context.seed) for depth in _DEPTHS]
    # Capacity: so many pairs that one answer in twenty, at most, is wrong.
    held = [k for k, share in zip(_COUNTS, accuracy, strict=True) if share >= 0.95]
    metrics = {f"accuracy_{k}": share for k, share in zip(_COUNTS, accuracy, strict=True)}
    metrics["capacity"] = float(max(held, default=0))
    if nested:
        metrics["accuracy_at_depth_32"] = nested[-1]
    return Measurement(
        metrics=metrics,
        config={
            "symbols": _SYMBOLS,
            "roles": _ROLES,
            "trials": _TRIALS,
            "torch": torch.__version__,
        },
        curves={"pairs": [float(k) for k in _COUNTS], "accuracy": accuracy},
    )


def _memory(kind: str, dimension: int, seed: int) -> MatrixBinding:
    if kind == "random":
        return MatrixBinding.random(roles=_ROLES, symbols=_SYMBOLS, dimension=dimension, seed=seed)
    draws = torch.Generator().manual_seed(stream_seed(seed, "symbols"))
    vectors = torch.randn(_SYMBOLS, dimension, generator=draws)
    return MatrixBinding(_learned_operators(seed), vectors)


def _learned_operators(seed: int) -> Tensor:
    """Return the matrices that HyperCube learns for the 24 elements of S4 from half its table."""
    from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
    from cayley.tables import generate_family, mask

    table = mask(generate_family("S4"), observe=0.5, seed=seed).aligned()
    observations = ObservedProducts.from_triples(table.observations, sizes=(24, 24, 24))
    draws = torch.Generator().manual_seed(stream_seed(seed, "hypercube"))
    model = HyperCube(24, shared=True, generator=draws)
    result = train(model, observations, schedule=TrainingSchedule(max_steps=400))
    if result.reason == "interrupted":
        raise KeyboardInterrupt  # a run cut short is no measurement
    return model.factors[0][0].detach().to(torch.float32)


def _bundle_accuracy(memory: MatrixBinding, pairs: int, context: Context) -> float:
    random = generator(context.seed, "bundle", pairs)
    right = 0
    for trial in range(_TRIALS):
        roles = random.choice(_ROLES, pairs, replace=False).tolist()
        symbols = random.integers(_SYMBOLS, size=pairs).tolist()
        trace = memory.encode((s, (r,)) for s, r in zip(symbols, roles, strict=True))
        found = [int(memory.retrieve(trace, (r,)).symbol) for r in roles]
        right += sum(a == b for a, b in zip(found, symbols, strict=True))
        context.progress(trial / _TRIALS, f"{pairs} pairs")
    return right / (_TRIALS * pairs)


def _nested_accuracy(memory: MatrixBinding, depth: int, seed: int) -> float:
    """Bundle three symbols at the ends of paths of roles; return how many come back."""
    random = generator(seed, "nested", depth)
    right = 0
    for _ in range(_TRIALS):
        terms = [
            (int(random.integers(_SYMBOLS)), tuple(random.integers(_ROLES, size=depth).tolist()))
            for _ in range(3)
        ]
        trace = memory.encode(terms)
        right += sum(int(memory.retrieve(trace, path).symbol) == s for s, path in terms)
    return right / (3 * _TRIALS)


def _holographic(dimension: int, seed: int) -> list[float]:
    """Do the same with circular convolution (Plate, 1995), unbound by circular correlation."""
    draws = torch.Generator().manual_seed(stream_seed(seed, "holographic"))
    scale = dimension**-0.5
    symbols = torch.randn(_SYMBOLS, dimension, generator=draws) * scale
    roles = torch.fft.rfft(torch.randn(_ROLES, dimension, generator=draws) * scale)
    shares = []
    for pairs in _COUNTS:
        random, right = generator(seed, "bundle", pairs), 0
        for _ in range(_TRIALS):
            r = torch.from_numpy(random.choice(_ROLES, pairs, replace=False))
            s = torch.from_numpy(random.integers(_SYMBOLS, size=pairs))
            trace = (torch.fft.rfft(symbols[s]) * roles[r]).sum(0)
            unbound = torch.fft.irfft(trace * roles[r].conj(), n=dimension)
            cosines = unbound @ (symbols / symbols.norm(dim=1, keepdim=True)).mT
            right += int((cosines.argmax(1) == s).sum())
        shares.append(right / (_TRIALS * pairs))
    return shares
