"""``cayley bench interpretation``: what is read out of networks that are trained here.

- ``one-layer``: networks with one hidden layer on C113 and S5; the group, the parts under two
  seeds of the analysis, ablations, and a bound on accuracy beside running the network;
- ``transformer``: transformers on C31; the same without the bound;
- ``hypercube``: HyperCube on the tables of S4 and A5.

With ``--store`` a run is kept as it ends. With ``--out`` the networks are written beside it, and
with ``--data`` trained ones are taken from an npz file instead of being trained.

Files, in the order in which to read them: ``_training``, the loop of the one-layer networks;
``_network_file``, trained ones; ``_explained_metrics``, what is measured; ``_one_layer``,
``_transformer`` and ``_hypercube``, the cases with their recipes.
"""

from cayley.experiments._interpretation import _hypercube, _one_layer, _transformer
from cayley.experiments._suite import Case, Suite

__all__ = ["SUITE"]

_READ = ("table_right", "stable", "claimed_energy", "ablation_agrees")

SUITE = Suite(
    name="interpretation",
    description="what is read out of trained networks, and what is proved about them",
    cases=(
        Case(
            name="one-layer",
            description="one hidden layer of 128 neurons, full-batch AdamW; parts and bound",
            methods=tuple(_one_layer.RECIPES),
            metrics=(*_READ, "bound", "bound_time_ratio"),
            run=_one_layer.run_one_layer,
        ),
        Case(
            name="transformer",
            description="one block of width 64, full-batch AdamW",
            methods=tuple(_transformer.RECIPES),
            metrics=_READ,
            run=_transformer.run_transformer,
        ),
        Case(
            name="hypercube",
            description="HyperCube on all cells",
            methods=_hypercube.GROUPS,
            metrics=_READ,
            run=_hypercube.run_hypercube,
        ),
    ),
)
