r"""Predictors that stay valid in environments never seen: MRI, IRM and other methods.

Data come from several environments. Some features predict the label in the same way in all of
them; others are spurious and predict it differently in each. MRI-v1 requires the label-conditioned
expectation of the output, :math:`\mathrm{oy}_e = \mathbb E_e[\bar o\,\tilde y]`, to be equal in all
environments. The condition is linear in the output, so it has none of the wrong roots that IRM-v1
has; it assumes that labels are distributed alike in all environments.

In a training loop one line changes: add a penalty, or its augmented Lagrangian, to the loss. The
multipliers of the latter move once per step of the optimizer that it is attached to. The
environments are given as a flat tensor with one id per sample, of any sizes, mixed in each batch.

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
    >>> handle = invariance.attach(optimizer)  # moves the multipliers
    >>> for step in range(500):
    ...     loss = torch.nn.functional.mse_loss(x @ w, y)
    ...     loss = loss + invariance(x @ w, y, ids)  # the line that changes
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    >>> bool(w[1].abs() < 0.1 < 0.7 < w[0])
    True

For tables of numbers :class:`MRIRegressor` and :class:`MRIClassifier` follow scikit-learn, with
diagnostics of what MRI assumes. :func:`select_model` chooses between models without seeing the test
environment.

The files, in the order in which to read them:

1. ``_environment_means.py``: means per environment, centering, contrasts, half batches.
2. ``_moments.py``: the moments that MRI and IRM constrain, for each task; balanced classes.
3. ``_batch_checks.py``, ``_regularization.py``: what a batch has to be; ``EnvironmentPenalty``, the
   call that every penalty has.
4. ``_quadratic_penalty.py``: the penalties of MRI, IRM and relaxed IRM.
5. ``_dual_ascent.py``: multipliers that move once per step of the optimizer.
6. ``_augmented_lagrangian.py``: the same constraints, imposed exactly.
7. ``_empirical_risk.py``, ``_risk_extrapolation.py``, ``_group_dro.py`` and ``_coral.py``: other
   methods.
8. ``_domainbed.py``: DomainBed's interface to all of them.
9. ``estimators`` (a room): linear and logistic regression, with tests of which correlations
   change, weights against label shift and bootstrap.
10. ``_diagnostics.py``: which assumption fails. ``_model_selection.py``: choosing between
    candidates.
"""

from cayley.invariance._augmented_lagrangian import AugmentedLagrangian
from cayley.invariance._coral import CORALPenalty
from cayley.invariance._diagnostics import (
    InvarianceDiagnostics,
    InvarianceWarning,
    LabelShiftWarning,
    TooFewEnvironmentsWarning,
    label_shift,
)
from cayley.invariance._domainbed import DomainBedAlgorithm
from cayley.invariance._group_dro import GroupDROPenalty
from cayley.invariance._model_selection import (
    select_by_oracle,
    select_model,
)
from cayley.invariance._quadratic_penalty import IRMPenalty, MRIPenalty, RelaxedIRMPenalty
from cayley.invariance._risk_extrapolation import VRExPenalty
from cayley.invariance.estimators._label_balance import balance_labels
from cayley.invariance.estimators._linear_regression import MRIRegressor
from cayley.invariance.estimators._logistic_regression import MRIClassifier

__all__ = [
    "AugmentedLagrangian",
    "CORALPenalty",
    "DomainBedAlgorithm",
    "GroupDROPenalty",
    "IRMPenalty",
    "InvarianceDiagnostics",
    "InvarianceWarning",
    "LabelShiftWarning",
    "MRIClassifier",
    "MRIPenalty",
    "MRIRegressor",
    "RelaxedIRMPenalty",
    "TooFewEnvironmentsWarning",
    "VRExPenalty",
    "balance_labels",
    "label_shift",
    "select_by_oracle",
    "select_model",
]
