"""The completion suites, as data."""

from dataclasses import dataclass, replace
from functools import partial

from cayley.experiments._completion._hidden_cells import METRICS, Experiment, run_experiment
from cayley.experiments._suite import Case, Context, Measurement, Suite
from cayley.experiments.baselines._catalog import METHODS, SETTINGS

__all__ = [
    "GROUPS",
    "ISOTOPES",
    "NOISE",
    "OPERATIONS",
    "TUNED",
    "Grid",
    "suite_of",
    "twelve_operations",
]

MODULAR = (
    "a+b",
    "a-b",
    "a/b",
    "a/b if b odd else a-b",
    "a^2+b^2",
    "a^2+ab+b^2",
    "a^2+ab+b^2+a",
    "a^3+ab",
    "a^3+ab^2+b",
)
WORDS = ("ab", "aba^-1", "aba")


def twelve_operations(modulus: int, degree: int) -> tuple[str, ...]:
    """Return the twelve benchmark operations: nine on residues and three on permutations.

    Example:
        >>> twelve_operations(97, 5)[0], twelve_operations(97, 5)[-1]
        ('mod97:a+b', 'S5:aba')

    References:
        Power et al. (2022), arXiv:2201.02177, appendix A.1.1.
    """
    residues = tuple(f"mod{modulus}:{expression}" for expression in MODULAR)
    return residues + tuple(f"S{degree}:{word}" for word in WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A suite of completions as plain data: every operation, share and noise with every method.

    Attributes:
        operations: Names of full tables.
        observe: Shares of cells shown.
        noise: Shares of shown cells that are wrong.
        isotope: Whether rows, columns and symbols are renamed apart.
        methods: Names of methods.
        steps: Most steps of a run.
        seconds: Most processor seconds of a run.
    """

    operations: tuple[str, ...]
    observe: tuple[float, ...]
    noise: tuple[float, ...] = (0.0,)
    isotope: bool = False
    methods: tuple[str, ...] = tuple(method for method in METHODS if method != "variant")
    steps: int = 2000
    # So that a suite of some hundred runs takes minutes. Networks are cut short by it, which the
    # `reason` of their records says; with more, they come nearer to what they can do.
    seconds: float | None = 3.0

    def problems(self) -> list[Experiment]:
        """Return the experiments with the first method and seed 0, one for each case."""
        return [
            Experiment(
                operation=operation,
                observe=observe,
                noise=noise,
                isotope=self.isotope,
                method=self.methods[0],
                steps=self.steps,
                seconds=self.seconds,
            )
            for operation in self.operations
            for observe in self.observe
            for noise in self.noise
        ]


def suite_of(name: str, description: str, grid: Grid) -> Suite:
    """Return the suite of a grid.

    Example:
        >>> grid = Grid(operations=("C5",), observe=(0.6, 0.8), methods=("exact",))
        >>> [case.name for case in suite_of("five", "", grid).cases]
        ['C5@0.6', 'C5@0.8']
    """
    return Suite(
        name=name,
        description=description,
        keep_going=True,
        has_devices=True,
        cases=tuple(
            Case(
                name=problem.case,
                description=f"{problem.observe:.0%} of the cells of {problem.operation} shown",
                methods=grid.methods,
                metrics=METRICS,
                run=partial(_run, problem),
            )
            for problem in grid.problems()
        ),
    )


def _run(problem: Experiment, method: str, context: Context) -> Measurement:
    experiment = replace(problem, method=method, seed=context.seed).on(context.device)
    return run_experiment(experiment, progress=context.progress)


GROUPS = suite_of(
    "groups",
    "small groups, from few cells to most",
    Grid(operations=("S3", "mod7:a+b", "S4"), observe=(0.3, 0.5, 0.8)),
)
ISOTOPES = suite_of(
    "isotopes",
    "isotopes of small groups: three alphabets",
    Grid(operations=("S3", "S4"), observe=(0.5, 0.8), isotope=True),
)
NOISE = suite_of(
    "noise",
    "small groups with wrong entries among the cells shown",
    Grid(operations=("S4",), observe=(0.8,), noise=(0.03, 0.1)),
)
OPERATIONS = suite_of(
    "operations",
    "the twelve benchmark operations, modulo 7 and in S3",
    Grid(operations=twelve_operations(7, 3), observe=(0.8,)),
)
TUNED = suite_of(
    "tuned",
    "every method that has settings, chosen by known cells held out; twice the budget",
    Grid(
        operations=("mod7:a+b", "S4"),
        observe=(0.6,),
        methods=tuple(f"tuned-{method}" for method in SETTINGS),
        steps=10_000,
        seconds=6.0,
    ),
)
