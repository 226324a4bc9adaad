r"""Predictors that hold in environments never seen: MRI, IRM and their rivals.

Data come from several environments. Some features predict the label in the same way in all of
them, others spuriously, differently in each. MRI-v1 asks that the label-conditioned expectation
of the output, :math:`\mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y]`, be equal in all
environments. That is linear in the output, so that it has no wrong roots where IRM-v1 has some,
and assumes that labels are distributed alike.

In a training loop one line changes: add a penalty, or its augmented Lagrangian, to the loss.
Environments are a flat tensor of ids, of any sizes, mixed in each batch.

Example:
    >>> import torch
    >>> from cayley.invariance import AugmentedLagrangian, MRIPenalty
    >>> generator = torch.Generator().manual_seed(0)
    >>> y = torch.randn(4096, generator=generator)
    >>> ids = torch.arange(4096) % 2
    >>> cause = 0.75 * y + 0.66 * torch.randn(4096, generator=generator)
    >>> color = torch.where(ids == 0, y, 0.8 * y + 0.6 * torch.randn(4096, generator=generator))
    >>> x = torch.stack([cause, color], dim=1)
    >>> w = torch.zeros(2, requires_grad=True)
    >>> invariance = AugmentedLagrangian(MRIPenalty(2), mu=10.0, rate=0.1)
    >>> optimizer = torch.optim.SGD([w], lr=0.1)
    >>> for step in range(500):
    ...     loss = torch.nn.functional.mse_loss(x @ w, y)
    ...     loss = loss + invariance(x @ w, y, ids)  # the line that changes
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    >>> bool(w[1].abs() < 0.1 < 0.7 < w[0])
    True

For tables of numbers :class:`MRIRegressor` and :class:`MRIClassifier` follow scikit-learn, with
diagnostics of what MRI assumes. :func:`select_model` chooses between models without ever seeing the
test environment.
"""

from cayley.invariance._baselines import CORALPenalty, GroupDROPenalty, VRExPenalty
from cayley.invariance._classifier import MRIClassifier
from cayley.invariance._constraints import (
    irm_constraint,
    mri_constraint,
    relaxed_irm_constraint,
)
from cayley.invariance._diagnostics import (
    InvarianceDiagnostics,
    InvarianceWarning,
    LabelShift,
    LabelShiftWarning,
    TooFewEnvironmentsWarning,
    label_shift,
)
from cayley.invariance._environments import (
    EnvironmentMeans,
    center_environments,
    contrast_basis,
    environment_means,
    split_halves,
)
from cayley.invariance._functional import (
    Task,
    augmented_lagrangian,
    mean_squared_norm,
    product_of_halves,
)
from cayley.invariance._lagrangian import AugmentedLagrangian
from cayley.invariance._linear import (
    changing_directions,
    constrained_least_squares,
    cross_moments,
)
from cayley.invariance._penalties import (
    EnvironmentPenalty,
    IRMPenalty,
    MRIPenalty,
    RelaxedIRMPenalty,
)
from cayley.invariance._regressor import MRIRegressor
from cayley.invariance._selection import (
    EnvironmentEstimator,
    Selection,
    leave_one_environment_out,
    select_by_oracle,
    select_model,
    training_domain_split,
)

__all__ = [
    "AugmentedLagrangian",
    "CORALPenalty",
    "EnvironmentEstimator",
    "EnvironmentMeans",
    "EnvironmentPenalty",
    "GroupDROPenalty",
    "IRMPenalty",
    "InvarianceDiagnostics",
    "InvarianceWarning",
    "LabelShift",
    "LabelShiftWarning",
    "MRIClassifier",
    "MRIPenalty",
    "MRIRegressor",
    "RelaxedIRMPenalty",
    "Selection",
    "Task",
    "TooFewEnvironmentsWarning",
    "VRExPenalty",
    "augmented_lagrangian",
    "center_environments",
    "changing_directions",
    "constrained_least_squares",
    "contrast_basis",
    "cross_moments",
    "environment_means",
    "irm_constraint",
    "label_shift",
    "leave_one_environment_out",
    "mean_squared_norm",
    "mri_constraint",
    "product_of_halves",
    "relaxed_irm_constraint",
    "select_by_oracle",
    "select_model",
    "split_halves",
    "training_domain_split",
]
