"""``cayley bench invariance``: predictors across environments on linear, tabular, picture data.

Each case draws its data from the seed, trains with one method and measures on an environment that
training never saw. All methods of a case share data, budget and settings; ``oracle`` is told what
is spurious. Measured are the error on that environment (``ood_...``) and how far the constraint is
from zero on held-out data.

Files, in the order in which to read them: ``_penalty`` and ``_gradient_alignment``, what a method
adds to the loss; ``_moments`` and ``_descent``, samples with exact moments and linear training;
``_linear``, ``_tabular``, the linear problems and a real table; ``_two_bits``, the roots of the
constraints where cause and cue are bits; ``_shapes_and_textures`` and ``_shape_training``, the same
in pictures; ``_paint`` and ``_colored_digits``, digits whose color misleads, and their training;
``_spurious_cue``, an operation with a misleading cue.
"""

from cayley.experiments._invariance._colored_digits import run_colored, run_published
from cayley.experiments._invariance._linear import run_environments, run_label_shift, run_linear
from cayley.experiments._invariance._penalty import METHODS, PICTURE_METHODS
from cayley.experiments._invariance._shape_training import (
    run_shapes,
    run_shapes_classes,
    run_shapes_squared,
)
from cayley.experiments._invariance._spurious_cue import run_operation
from cayley.experiments._invariance._tabular import run_tabular
from cayley.experiments._suite import Case, Suite

__all__ = ["SUITE"]

_DIGIT_METRICS = (
    "ood_accuracy",
    "ood_accuracy_expected",
    "digit_accuracy",
    "heldout_accuracy",
    "constraint_heldout",
    "irm_constraint_heldout",
)
_SHAPE_METRICS = (
    "ood_risk",
    "ood_risk_oracle_selection",
    "ood_accuracy",
    "cue_effect",
    "mri_constraint",
    "irm_constraint",
)

SUITE = Suite(
    name="invariance",
    description="invariant predictors across environments: MRI, IRM and risk minimization",
    cases=(
        Case(
            name="linear",
            description="two features, one spurious; IRM-v1 has wrong roots, MRI has none",
            methods=METHODS,
            metrics=(
                "ood_mse",
                "weight_0",
                "weight_1",
                "constraint_heldout",
                "sampled_ood_mse",
                "sampled_weight_0",
                "sampled_weight_1",
            ),
            run=run_linear,
        ),
        Case(
            name="environments",
            description="four spurious features: four environments fail, five suffice",
            methods=METHODS,
            metrics=("ood_mse", "ood_mse_4", "ood_mse_5", "constraint_heldout"),
            run=run_environments,
        ),
        Case(
            name="colored-mnist",
            description="colored digits: MNIST from --data FILE, else scikit-learn's 8 x 8 digits",
            methods=PICTURE_METHODS,
            metrics=_DIGIT_METRICS,
            run=run_colored,
        ),
        Case(
            name="colored-mnist-lenet",
            description="the same at the published settings: LeNet, 10,000 steps; needs --data",
            methods=PICTURE_METHODS,
            metrics=_DIGIT_METRICS,
            run=run_published,
        ),
        Case(
            name="shapes",
            description="shapes with a misleading texture, two classes: a wrong root of IRM-v1",
            methods=PICTURE_METHODS,
            metrics=_SHAPE_METRICS,
            run=run_shapes,
        ),
        Case(
            name="shapes-squared",
            description="the same by squared error, with more label noise",
            methods=PICTURE_METHODS,
            metrics=_SHAPE_METRICS,
            run=run_shapes_squared,
        ),
        Case(
            name="shapes-classes",
            description="three shapes, three textures: neither constraint suffices",
            methods=PICTURE_METHODS,
            metrics=_SHAPE_METRICS,
            run=run_shapes_classes,
        ),
        Case(
            name="label-shift",
            description="labels differ between environments: MRI removes the cause and fails",
            methods=METHODS,
            metrics=(
                "ood_mse",
                "weight_0",
                "weight_1",
                "constraint_heldout",
                "label_shift_distance",
            ),
            run=run_label_shift,
        ),
        Case(
            name="tabular",
            description="diabetes by bands of age, each left out in turn (scikit-learn)",
            methods=(*METHODS, "mri-estimator"),
            metrics=(
                "ood_mse",
                "ood_mse_of_the_mean",
                "constraint_heldout",
                "changing_directions",
                "label_shift_p",
                "label_shift_distance",
            ),
            run=run_tabular,
        ),
        Case(
            name="operation",
            description="a o b with a cue that agrees with the answer in training only",
            methods=METHODS,
            metrics=(
                "ood_accuracy",
                "cue_effect",
                "constraint_heldout",
                "ood_accuracy_mod7",
                "cue_effect_mod7",
                "ood_accuracy_hypercube",
                "cue_effect_hypercube",
            ),
            run=run_operation,
        ),
    ),
)
