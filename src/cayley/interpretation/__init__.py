r"""What a trained network on two symbols has learned: its table, the group in it, and the parts.

A network takes two symbols and scores every symbol as the result. :func:`explain` takes it apart:

- *table*: the answers it gives, as a table, and the verdict of :func:`~cayley.completion.solve` on
  them. That verdict is exact: a network that is right in most cells yields the exact group, and the
  wrong answers as suspects.
- *parts*: with the group :math:`G` in hand, an embedding :math:`E` is a function on :math:`G` and
  splits into one part for each real irreducible representation,

  .. math:: E_\rho(a) = \frac{d_\rho}{|G|} \sum_g \overline{\chi_\rho(g)}\, E(g^{-1} a), \qquad
      \sum_\rho \lVert E_\rho \rVert^2 = \lVert E \rVert^2 .

  A part is *claimed* if it holds more than shuffled symbols would give it. Neurons are treated
  alike, and each is compared with the functions that are constant on the cosets of a subgroup.
- *causal*: the accuracy with the claimed parts alone, without them, without the neurons of a part,
  and with exact matrices in place of the embedding.
- *bounded*: :func:`accuracy_bound` proves a lower bound on the accuracy of a network with one
  hidden layer from its weights, with less work than running it on all pairs.

The group and the table are proved; energies, shares and accuracies are measured. An
:class:`Explanation` holds all of it, and :class:`EnergyRecorder` records the energies while a
network trains.

The files, in the order in which one would read them:

* ``_measured_parts``: parts, cosets, neurons and interventions as values; ``_explanation``:
  :class:`Explanation`, with ``_sentences`` and ``_document`` (in words and as JSON);
* ``networks`` (a room): the arrays of a network, from a module, HyperCube or a file;
  ``_found_group`` (the group behind the answers);
* ``parts`` (a room): energies, what chance explains, cosets, neurons;
* ``interventions`` (a room): what is left when parts are taken away;
* ``_take_apart`` and ``_explain``: the order of it all; ``_energy_recorder``: over training;
* ``bounds`` (a room): a lower bound on the accuracy, proved from the parts.
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley.interpretation._explanation import Explanation

if TYPE_CHECKING:
    from cayley.interpretation._energy_recorder import EnergyRecorder
    from cayley.interpretation._explain import explain
    from cayley.interpretation.bounds._accuracy_bound import accuracy_bound

__all__ = ["EnergyRecorder", "Explanation", "accuracy_bound", "explain"]

# Whoever reads an explanation needs none of what made it.
_LATER = {
    "EnergyRecorder": "cayley.interpretation._energy_recorder",
    "accuracy_bound": "cayley.interpretation.bounds._accuracy_bound",
    "explain": "cayley.interpretation._explain",
}
__getattr__ = lazy_names(__name__, _LATER)
