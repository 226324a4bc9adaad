"""Every method that completes a table, behind one protocol, so that all are measured alike.

A :class:`Completer` has one method, ``complete(table, seed=..., budget=..., callback=...)``, and
returns a :class:`Prediction`. It is given the known cells and nothing else; a :class:`Budget`
limits its steps and seconds; the callback sees every step and can ask for the table as it stands.
:func:`make_completer` makes a method by its name in ``cayley bench``. :class:`OperationDataset`
gives the same splits to those who train in a loop of their own.

Files, in the order in which to read them:

* ``_completer``: the protocol; ``_meter``: how steps and seconds are counted against a budget;
* ``_frequent``: the most frequent symbol, the least that anything should beat;
* ``_solvers``: ``cayley.solve`` and the training loop of HyperCube behind the protocol;
  ``_variant``: HyperCube with another penalty or another factorization;
* ``_dataset``, ``_network``: equations as tokens, and the training loop of all networks;
  ``_transformer``, ``_mlp``, ``_autoencoder``: the networks;
* ``_factorization``: CP and Tucker models; ``_sat``: quasigroups and groups as satisfiability;
* ``_tuning``: the one rule by which settings are chosen; ``_catalog``: all methods by name.

Example:
    >>> from cayley.experiments.baselines import Budget, make_completer
    >>> from cayley.tables import generate_family, mask
    >>> table = mask(generate_family("C5"), observe=0.6, seed=1)
    >>> make_completer("sat-quasigroup").complete(table, seed=0, budget=Budget()).verdict
    'the only quasigroup'
"""

from cayley.experiments.baselines._catalog import make_completer
from cayley.experiments.baselines._completer import Budget, Completer, Prediction
from cayley.experiments.baselines._dataset import OperationDataset

__all__ = ["Budget", "Completer", "OperationDataset", "Prediction", "make_completer"]
