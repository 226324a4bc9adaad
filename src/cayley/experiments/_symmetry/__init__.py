"""``cayley bench symmetry``: what a discovered symmetry is worth, and what bindings hold.

- ``point-cloud``, ``digits``, ``cube``: networks with the same number of parameters, with and
  without the symmetry that was discovered first, over the number of training samples. ``error_N``
  is the test error after training on N samples: a mean square error relative to the variance, or a
  share of wrong answers.
- ``recovery``: how often transitions are completed rightly, by share seen and share wrong.
- ``binding``: how many bound pairs a vector holds; ``sets-...``: learned aggregators.

Files, in the order in which to read them: ``_discovered``, the tasks and how their symmetry is
discovered; ``_parameter_matched``, networks with equal numbers of parameters;
``_sample_efficiency``, error over the number of samples; ``_recovery``, ``_binding_capacity``,
``_aggregation``: one case each.
"""

from functools import partial

from cayley.experiments._suite import Case, Suite
from cayley.experiments._symmetry._aggregation import AGGREGATES, AGGREGATORS, run_sets
from cayley.experiments._symmetry._binding_capacity import BINDINGS, run_capacity
from cayley.experiments._symmetry._discovered import EQUIVARIANT_TASKS
from cayley.experiments._symmetry._parameter_matched import METHODS
from cayley.experiments._symmetry._recovery import SETTINGS, run_recovery
from cayley.experiments._symmetry._sample_efficiency import run_problem

__all__ = ["SUITE"]

_DESCRIPTIONS = {
    "point-cloud": "energy of four charges in an octahedral cage",
    "digits": "digits turned by right angles",
    "cube": "a turn that brings a 2x2x2 cube nearer to solved",
}


def _learning_case(name: str) -> Case:
    methods = (
        METHODS if name == "point-cloud" else tuple(m for m in METHODS if m != "group-average")
    )
    return Case(
        name=name,
        description=_DESCRIPTIONS[name],
        methods=methods,
        metrics=("equivariance_defect", "parameters", "group_is_right", "cpu_seconds_each"),
        run=partial(run_problem, name),
    )


SUITE = Suite(
    name="symmetry",
    description="networks on discovered symmetries, discovery itself, bindings and aggregators",
    cases=(
        *(_learning_case(name) for name in EQUIVARIANT_TASKS),
        Case(
            name="recovery",
            description="transitions completed rightly, by share seen and share wrong",
            methods=tuple(SETTINGS),
            metrics=("right_100_5", "solved_but_wrong_100_5"),
            run=run_recovery,
        ),
        Case(
            name="binding",
            description="symbols found again among bound pairs",
            methods=BINDINGS,
            metrics=("capacity",),
            run=run_capacity,
        ),
        *(
            Case(
                name=f"sets-{task}",
                description=f"{task} of a set, trained on sets of up to 8",
                methods=AGGREGATORS,
                metrics=("accuracy_8", "accuracy_32", "order_dependence", "parameters"),
                run=partial(run_sets, task),
            )
            for task in AGGREGATES
        ),
    ),
)
