"""The figures, as data: those of the papers, and those their readers asked for."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from cayley.experiments._completion import Experiment, twelve_operations
from cayley.experiments._completion._grid import MODULAR, WORDS
from cayley.experiments._reproduce._points import PaperFigure
from cayley.experiments.baselines._catalog import SETTINGS

__all__ = ["PAPER_FIGURES"]


def short(operation: str) -> str:
    """Return an operation without the set it is on."""
    return operation.partition(":")[2] or operation


def _runs(
    operations: Iterable[str],
    observe: Iterable[float],
    methods: Iterable[tuple[str, dict[str, Any]]],
    *,
    seeds: int,
    **settings: Any,
) -> list[Experiment]:
    return [
        Experiment(
            operation=operation,
            observe=share,
            method=method,
            options=options,
            seed=seed,
            **settings,
        )
        for operation, share, (method, options), seed in product(
            operations, observe, methods, range(seeds)
        )
    ]


_NAMES = {"hypercube-training": "hypercube", "hypercube-shared": "hypercube, shared"}


def _fractions(full: bool, seeds: int) -> list[Experiment]:
    group, limit, steps = ("S5", None, 1500) if full else ("S4", 60.0, 600)
    common: dict[str, Any] = {
        "seeds": seeds,
        "steps": steps,
        "seconds": limit,
        "stop_when_perfect": True,
    }
    # The published transformer takes 400,000 steps at a share of 0.26.
    transformer = {"steps": 500_000 if full else 600, "seconds": None if full else 10.0}
    # Shares of the published curves.
    return [
        *_runs((group,), (0.16, 0.2, 0.3, 0.5, 0.8), (("hypercube-training", {}),), **common),
        *_runs((group,), (0.05, 0.1, 0.2, 0.3), (("hypercube-shared", {}),), **common),
        *_runs((group,), (0.3, 0.5, 0.8), (("transformer", {}),), **{**common, **transformer}),
    ]


def _twelve(full: bool, seeds: int) -> list[Experiment]:
    operations = twelve_operations(97, 5) if full else twelve_operations(7, 3)
    # A small table needs a larger share: of 49 cells a tenth is less than one for each label.
    shares = (0.1, 0.2, 0.3, 0.5, 0.8) if full else (0.5, 0.7, 0.9)
    return _runs(
        operations,
        shares,
        (("hypercube-training", {}),),
        seeds=seeds,
        steps=1500 if full else 500,
        seconds=None,
        stop_when_perfect=True,
    )


_GENTLE: dict[str, Any] = {"settle": True, "rate": 0.25}
"""Half the default rate, because on full tables the factors oscillate at the default; and `settle`,
because H is only defined at an exact fit."""


def _complexity(full: bool, seeds: int) -> list[Experiment]:
    operations = twelve_operations(97, 5) if full else twelve_operations(7, 3)
    return _runs(
        operations,
        (1.0,),
        (("hypercube-training", _GENTLE),),
        seeds=seeds,
        steps=6000 if full else 4000,
        seconds=None,
    )


def _convergence(full: bool, seeds: int) -> list[Experiment]:
    groups = ("S3", "mod97:a+b", "S5") if full else ("S3", "mod7:a+b", "Q8", "mod7:a^2+ab+b^2")
    return _runs(
        groups,
        (1.0,),
        (("hypercube-training", _GENTLE),),
        seeds=seeds,
        steps=3000,
        seconds=None,
        curves=True,
    )


_CHOSEN = (("D8", 0.5), ("mod7:a+b", 0.6), ("mod7:a^2+b^2", 0.8))
"""A group that is not commutative, one that is, and an operation that is no quasigroup."""
# The larger a table, the smaller the share that decides it.
_LARGER = (("S4", 0.3), ("mod23:a+b", 0.3), ("mod23:a^2+b^2", 0.5))


def _variants(
    full: bool, seeds: int, methods: Iterable[tuple[str, dict[str, Any]]], **settings: Any
) -> list[Experiment]:
    methods = list(methods)
    return [
        run
        for operation, share in (_LARGER if full else _CHOSEN)
        for run in _runs(
            (operation,),
            (share,),
            methods,
            seeds=seeds,
            stop_when_perfect=True,
            **{"steps": 3000 if full else 300, "seconds": None, **settings},
        )
    ]


def _penalty(full: bool, seeds: int) -> list[Experiment]:
    weights = (0.01, 0.03, 0.1, 0.3, 1.0)
    options: list[dict[str, Any]] = [
        {"penalty": penalty, "epsilon": epsilon}
        for penalty in ("hypercube", "l2", "nuclear")
        for epsilon in weights
    ]
    options.append({"penalty": "none", "epsilon": 0.0})
    return _variants(full, seeds, (("variant", chosen) for chosen in options))


def _one_option(name: str, values: tuple[float, ...], **fixed: Any) -> Any:
    def experiments(full: bool, seeds: int) -> list[Experiment]:
        return _variants(full, seeds, (("variant", {**fixed, name: value}) for value in values))

    return experiments


def _dimensions(full: bool, seeds: int) -> list[Experiment]:
    # Around the orders of the tables, which are what the default takes.
    dims = (4, 8, 12, 16, 23, 24, 32) if full else (2, 3, 4, 6, 7, 8, 10)
    return _variants(full, seeds, (("variant", {"dim": dim}) for dim in dims))


def _diagonal(full: bool, seeds: int) -> list[Experiment]:
    options: tuple[dict[str, Any], ...] = (
        {},
        {"complex_factors": True},
        {"form": "diagonal", "complex_factors": True},
        {"form": "diagonal"},
    )
    return _variants(full, seeds, (("variant", chosen) for chosen in options))


def _factorizations(full: bool, seeds: int) -> list[Experiment]:
    methods: list[tuple[str, dict[str, Any]]] = [
        ("variant", {}),
        ("variant", {"penalty": "none", "epsilon": 0.0}),
        ("variant", {"form": "diagonal", "penalty": "l2"}),
        ("variant", {"form": "tucker", "penalty": "l2"}),
        *(("cp", {"rank": rank}) for rank in (1.0, 2.0, 3.0)),
        *(("tucker", {"rank": rank}) for rank in (0.25, 0.5, 0.75)),
    ]
    return _variants(full, seeds, methods)


def _baselines(full: bool, seeds: int) -> list[Experiment]:
    names = ("exact", "synchronization", "hypercube", *SETTINGS)
    names += ("sat-quasigroup", "sat-group", "autoencoder-groups", "most-frequent")
    methods: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in names]
    group, seconds = ("S4", 600.0) if full else ("D8", 2.0)
    shares = (0.1, 0.3, 0.5, 0.8) if full else (0.3, 0.5, 0.7)
    # Seconds alone shall end a run: a step of one method is not a step of another.
    return _runs((group,), shares, methods, seeds=seeds, steps=1_000_000, seconds=seconds)


def _label(experiment: Experiment) -> str:
    """Name a run by its method and the options that set it apart."""
    words = [
        str(value) if not isinstance(value, bool) else name.replace("_factors", "")
        for name, value in experiment.options.items()
        if name != "epsilon"
    ]
    if experiment.method == "variant":
        return ", ".join(words) or "hypercube"
    return " ".join([experiment.method, *words])


def _by_option(name: str, default: float) -> Any:
    def place(experiment: Experiment) -> tuple[str, str, float | str]:
        value = experiment.options.get(name, default)
        assert isinstance(value, int | float)
        return "", f"{experiment.operation}@{experiment.observe:g}", value

    return place


_STEPS = "steps_to_perfect"
_FULL_TABLE = "All cells are shown; H over n squared of the runs that converged to an exact fit."

PAPER_FIGURES: tuple[PaperFigure, ...] = (
    PaperFigure(
        name="fractions",
        title="steps to complete a symmetric group, by share of cells shown",
        metric=_STEPS,
        x_label="share of cells shown",
        experiments=_fractions,
        place=lambda e: (e.operation, _NAMES.get(e.method, e.method), e.observe),
        logarithmic=True,
        remark="Published: S5 (n = 120), which --full runs; otherwise S4 (n = 24), where the same "
        "share is a fifth of the cells per symbol.",
    ),
    PaperFigure(
        name="operations",
        title="steps and success on the twelve operations, by share of cells shown",
        metric=_STEPS,
        x_label="share of cells shown",
        experiments=_twelve,
        place=lambda e: (
            "residues" if e.operation.startswith("mod") else "permutations",
            short(e.operation),
            e.observe,
        ),
        logarithmic=True,
        remark="Published for p = 97 and S5, without a table of numbers; --full runs those.",
    ),
    PaperFigure(
        name="complexity",
        title="H over n squared at convergence on full tables",
        metric="penalty_ratio",
        x_label="operation",
        experiments=_complexity,
        place=lambda e: ("", "H / n^2", short(e.operation)),
        converged=True,
        remark=f"{_FULL_TABLE} Outside quasigroups H depends on n: compare with --full.",
    ),
    PaperFigure(
        name="convergence",
        title="H over n squared while training on full tables",
        metric="penalty_ratio",
        x_label="at convergence",
        experiments=_convergence,
        place=lambda e: (
            "",
            "group" if "^" not in e.operation else "no group",
            "at convergence" if "^" not in e.operation else short(e.operation),
        ),
        curves=True,
        converged=True,
        remark=f"{_FULL_TABLE} 3 for isotopes of groups.",
    ),
    PaperFigure(
        name="penalty",
        title="H against L2, the nuclear norm and no penalty, each at five weights",
        metric=_STEPS,
        x_label="epsilon",
        experiments=_penalty,
        place=lambda e: (
            f"{e.operation}@{e.observe:g}",
            str(e.options["penalty"]),
            e.options["epsilon"],
        ),
        logarithmic=True,
        remark="epsilon stays on to the end.",
    ),
    PaperFigure(
        name="epsilon",
        title="sensitivity to the weight of H",
        metric=_STEPS,
        x_label="epsilon",
        experiments=_one_option("epsilon", (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)),
        place=_by_option("epsilon", 0.1),
        logarithmic=True,
    ),
    PaperFigure(
        name="rate",
        title="sensitivity to the learning rate",
        metric=_STEPS,
        x_label="learning rate",
        experiments=_one_option("rate", (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0)),
        place=_by_option("rate", 0.5),
        logarithmic=True,
    ),
    PaperFigure(
        name="scale",
        title="sensitivity to the scale of the first entries",
        metric=_STEPS,
        x_label="scale",
        experiments=_one_option("scale", (0.1, 0.25, 0.5, 1.0, 2.0)),
        place=_by_option("scale", 1.0),
        logarithmic=True,
    ),
    PaperFigure(
        name="dimension",
        title="sensitivity to the size d of the matrices",
        metric=_STEPS,
        x_label="d",
        experiments=_dimensions,
        place=_by_option("dim", 0),
        logarithmic=True,
    ),
    PaperFigure(
        name="diagonal",
        title="commuting factors: diagonal matrices, real and complex",
        metric="test_accuracy",
        x_label="factors",
        experiments=_diagonal,
        place=lambda e: (
            "",
            f"{e.operation}@{e.observe:g}",
            f"{'complex' if e.options.get('complex_factors') else 'real'} "
            f"{e.options.get('form', 'matrices')}",
        ),
    ),
    PaperFigure(
        name="factorisations",
        title="other factorizations of the product tensor",
        metric="test_accuracy",
        x_label="factorization",
        experiments=_factorizations,
        place=lambda e: ("", f"{e.operation}@{e.observe:g}", _label(e)),
        remark="variants by gradient descent; cp and tucker by TensorLy, rank over n.",
    ),
    PaperFigure(
        name="baselines",
        title="all methods on the same cells, with the same seconds",
        metric="test_accuracy",
        x_label="method",
        experiments=_baselines,
        place=lambda e: (e.operation, f"{e.observe:.0%} shown", _label(e)),
    ),
)

assert len(MODULAR) + len(WORDS) == 12
