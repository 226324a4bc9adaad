"""Other ways to complete a table, behind one protocol, so that all are measured alike.

A :class:`Completer` has one method, ``complete(table, seed=..., budget=..., callback=...)``, and
returns a :class:`Prediction`. It is given the known cells and nothing else; a :class:`Budget`
limits its steps and seconds; the callback sees every step and can ask for the table as it stands.

* ``MostFrequent``: the least that anything should beat;
* ``TransformerCompleter``, ``MLPCompleter``: networks over tokens and over embeddings;
* ``FactorizationCompleter``: CP and Tucker models; ``AutoencoderCompleter``: over whole tables;
* ``SATCompleter``: quasigroup and group completion as satisfiability;
* ``SolverCompleter``, ``HyperCubeCompleter``: the library's own solvers and training loop;
* ``TunedCompleter``: the one tuning rule, for any of them.

``OperationDataset`` gives the same splits to those who train in a loop of their own.

Example:
    >>> from cayley.experiments.baselines import Budget, SATCompleter
    >>> from cayley.tables import generate_family, mask
    >>> table = mask(generate_family("C5"), observe=0.6, seed=1)
    >>> SATCompleter().complete(table, seed=0, budget=Budget()).verdict
    'the only quasigroup'
"""

from cayley.experiments.baselines._autoencoder import AutoencoderCompleter
from cayley.experiments.baselines._completer import (
    Budget,
    Callback,
    Completer,
    CompletionStep,
    Prediction,
    Reason,
)
from cayley.experiments.baselines._dataset import OperationDataset, Vocabulary
from cayley.experiments.baselines._factorization import FactorizationCompleter
from cayley.experiments.baselines._frequent import MostFrequent
from cayley.experiments.baselines._mlp import EmbeddingMLP, MLPCompleter
from cayley.experiments.baselines._sat import SATCompleter
from cayley.experiments.baselines._solvers import HyperCubeCompleter, SolverCompleter
from cayley.experiments.baselines._transformer import DecoderTransformer, TransformerCompleter
from cayley.experiments.baselines._tuning import TunedCompleter, hold_out

__all__ = [
    "AutoencoderCompleter",
    "Budget",
    "Callback",
    "Completer",
    "CompletionStep",
    "DecoderTransformer",
    "EmbeddingMLP",
    "FactorizationCompleter",
    "HyperCubeCompleter",
    "MLPCompleter",
    "MostFrequent",
    "OperationDataset",
    "Prediction",
    "Reason",
    "SATCompleter",
    "SolverCompleter",
    "TransformerCompleter",
    "TunedCompleter",
    "Vocabulary",
    "hold_out",
]
