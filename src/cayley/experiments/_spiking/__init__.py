"""``cayley bench spiking``: gated spiking networks trained by exact gradients.

- ``xor``: delayed exclusive or, with the null answer, without it, and over delays of a second;
- ``delayed-group``: two elements as pulses, their product on cue; every group of order 2 to 8, or
  the table named by ``--data``;
- ``xor-surrogate``, ``delayed-group-surrogate``: the same by leaky neurons of snntorch with a
  surrogate gradient, of equal size and budget;
- ``autoencode``: a signal in few spikes, beside the greedy network and its analytic weights;
- ``yin-yang``, ``randman``, ``spoken-words``: classes of spike trains, beside a surrogate-gradient
  network of snntorch of the same size;
- ``speed``: forward and backward beside norse and snntorch, in turn.

Training keeps the parameters that are best on validation trials; accuracies are on fresh trials.
Metrics that end in ``_narrow`` are those of the same weights with an active zone of 0.05.

Files, in the order in which to read them: ``_training``, network and loop of all cases;
``_surrogate``, the network with hard thresholds; ``_raster``, one trial as arrays;
``_working_memory``, what is common to the delayed cases, and ``_delayed_operation``, their
settings; ``_generated_tasks`` and ``_classification``, the classes; ``_autoencode``, ``_speed``.
"""

from functools import partial

from cayley.experiments._spiking import (
    _autoencode,
    _classification,
    _delayed_operation,
    _speed,
)
from cayley.experiments._suite import Case, Suite

__all__ = ["SUITE"]

SUITE = Suite(
    name="spiking",
    description="spiking networks trained by exact gradients: memory, coding, classes, speed",
    cases=(
        Case(
            name="xor",
            description="delayed exclusive or of two pulses, -1, 1 or 0 where one is missing",
            methods=tuple(_delayed_operation.XOR),
            metrics=("sign_accuracy", "three_way_accuracy", "rate_hz"),
            run=_delayed_operation.run_xor,
        ),
        Case(
            name="delayed-group",
            description="the product of two group elements that are apart in time",
            methods=_delayed_operation.GROUPS,
            metrics=("accuracy", "rate_hz"),
            run=_delayed_operation.run_group,
        ),
        *(
            Case(
                name=f"{name}-surrogate",
                description=f"{name} by leaky neurons with a surrogate gradient, of equal size",
                methods=methods,
                metrics=("accuracy", "rate_hz", "processor_seconds_per_epoch"),
                run=partial(run, surrogate=True),
            )
            for name, methods, run in (
                ("xor", tuple(_delayed_operation.XOR), _delayed_operation.run_xor),
                ("delayed-group", _delayed_operation.GROUPS, _delayed_operation.run_group),
            )
        ),
        Case(
            name="autoencode",
            description="30 neurons hold a signal: trained, trained to be even, greedy, analytic",
            methods=_autoencode.METHODS,
            metrics=("nmse", "rate_hz", "rate_spread", "interval_cv", "fast_correlation"),
            run=_autoencode.run_autoencode,
        ),
        *(
            Case(
                name=name,
                description=description,
                methods=_classification.METHODS,
                metrics=("accuracy", "rate_hz", "processor_seconds_per_epoch"),
                run=partial(_classification.run_classification, name),
            )
            for name, description in {
                "yin-yang": "points of the Yin-Yang sign as spike times, three classes",
                "randman": "points of ten random manifolds as spike times",
                "spoken-words": "ten words of 200 channels, half of them the others backwards",
            }.items()
        ),
        Case(
            name="speed",
            description="forward and backward, batch 64, 100 neurons, 1000 steps, one thread",
            methods=_speed.METHODS,
            metrics=("milliseconds",),
            run=_speed.run_speed,
        ),
    ),
)
