"""Estimators in the manner of scikit-learn, with the checks of what they are given.

Read in this order: ``_table_checks`` (environments, labels, frames), ``_metadata_routing``,
``_label_balance`` (weights against label shift), ``_bartlett_test`` and ``_bootstrap`` (what the
held-out constraint says), ``_estimator`` (what both share), ``_linear_regression`` and
``_logistic_regression``.
"""

__all__: list[str] = []
