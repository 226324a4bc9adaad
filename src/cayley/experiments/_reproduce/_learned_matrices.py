"""The learned matrices of S3, as they come out of training and in the basis of irreducibles."""

import time
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley._shapes import Float
from cayley.algebra import Isotopism, find_isotopism, identify
from cayley.experiments._reproduce._points import FigurePoint, PaperFigure, Reproduction
from cayley.experiments._reproduce._published import PublishedValue
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.representations import block_diagonalize, representation_from_factors
from cayley.tables import generate_family, mask

__all__ = ["FACTORS", "learn_factors"]

FACTORS = PaperFigure(
    name="factors",
    title="the matrices that S3 is learned as, before and after block-diagonalization",
    metric="penalty_ratio",
    x_label="element",
    experiments=lambda full, seeds: [],
    place=lambda experiment: ("", "", ""),
    remark="What is learned is the regular representation, which holds each irreducible one as "
    "often as its degree: blocks of size 1, 1, 2 and 2.",
)

_SOURCE = "Huh (2024), arXiv:2402.17002"
_SHOWN = 0.61  # 22 of 36 cells, as in the bundled example


def learn_factors(*, seed: int = 0, steps: int = 3000) -> Reproduction:
    """Train on 61 % of S3 until convergence, fix the gauge, and split what was learned.

    Example:
        >>> found = learn_factors()
        >>> found.document["blocks"], found.document["residual"] < 1e-9
        ([1, 1, 2, 2], True)
    """
    table = mask(generate_family("S3"), observe=_SHOWN, seed=seed)
    weights = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    model = HyperCube(6, generator=weights)
    observations = ObservedProducts.from_triples(table.observations, sizes=(6, 6, 6))
    start = time.perf_counter()
    result = train(model, observations, schedule=TrainingSchedule(max_steps=steps))
    if result.reason == "interrupted":
        raise KeyboardInterrupt  # a run cut short is no measurement
    seconds = time.perf_counter() - start
    A, B, C = (factor[0].detach() for factor in model.factors)
    document: dict[str, Any] = {
        "seed": seed,
        "observe": _SHOWN,
        "steps": result.last.step,
        "reason": result.reason,
        "seconds": seconds,
        "penalty_ratio": result.last.penalty_ratio,
    }
    matrices: dict[str, list[Any]] = {"learned": _images(A)}
    isotopism = find_isotopism(result.decoded.table)
    if isinstance(isotopism, Isotopism):
        read = representation_from_factors(A, B, C, isotopism)
        split = block_diagonalize(read.representation)
        Q = split.unitary
        changed = Q.mH @ read.representation.matrices.to(Q.dtype) @ Q
        matrices["gauge fixed"] = _images(read.representation.matrices)
        matrices["block-diagonal"] = _images(changed)
        document |= {
            "group": identify(isotopism.group).name,
            "blocks": [block.degree for block in split.blocks],
            "residual": split.residual,
            "unitarity_defect": read.learned.unitarity,
            "homomorphism_defect": read.learned.homomorphism,
        }
    return Reproduction(
        figure=FACTORS, full=False, rows=_rows(document), matrices=matrices, document=document
    )


def _rows(document: dict[str, Any]) -> list[FigurePoint]:
    """Return the numbers that the paper states for its figure."""
    found = (
        ("H / n^2", document["penalty_ratio"], 3.0),
        ("unitarity defect", document.get("unitarity_defect"), 0.0),
        ("number of blocks", float(len(document.get("blocks", []))), 4.0),
    )
    return [
        FigurePoint(
            panel="S3@0.61",
            series=name,
            x="at convergence",
            runs=1,
            successes=int("blocks" in document),
            value=value,
            low=value,
            high=value,
            accuracy=1.0 if document.get("group") == "S3" else 0.0,
            seconds=document["seconds"],
            published=PublishedValue(
                figure="factors",
                series=name,
                x="at convergence",
                value=number,
                problem="S3, 22 of 36 cells",
                source=_SOURCE,
            ),
        )
        for name, value, number in found
    ]


def _images(F: Float[Tensor, "n d d"]) -> list[NDArray[Any]]:
    """Return the matrices, scaled to mean square norm d, as arrays of real parts."""
    scale = F.shape[-1] ** 0.5 / torch.linalg.matrix_norm(F).square().mean().sqrt()
    return list((F * scale).real.numpy())
