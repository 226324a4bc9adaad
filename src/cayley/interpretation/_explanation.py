"""What :func:`explain` returns: the verdict on the answers, the group, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import Isotopism
from cayley.completion import Solution
from cayley.interpretation._document import to_document
from cayley.interpretation._sentences import sentences
from cayley.interpretation.parts._measured_parts import (
    Intervention,
    NeuronPart,
    PartEnergies,
    RealIrreducible,
)
from cayley.tables import Table

__all__ = ["Explanation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """What a network has learned; a value, never changed.

    The group and the exact table are proved; energies, shares and accuracies are measured.

    Attributes:
        answers: The table of the symbols with the highest logits; empty if none are known.
        solution: The verdict on it: group, wrong cells, theory; None if no answers are known.
        isotopism: The maps from rows, columns and symbols to the elements of the group under which
            the parts were measured; None if there is none.
        standing: Where that group comes from: ``found`` in the answers, ``given`` by the caller, or
            the ``truth``, where the answers show none.
        truth: What the network should have answered, if that was given.
        accuracy: The share of cells in which it does; None without a truth.
        reference: The table that interventions are measured against: the truth, else the exact
            table of the group; None if there is neither.
        agreement: The share of cells in which the answers agree with the reference, or None.
        irreducibles: The real irreducible representations of the group, ``k`` of them.
        generators: In an abelian group the generators that frequencies refer to, as pairs of the
            label of a row and its order; empty in other groups.
        parts: Energies of ``left``, ``right`` and ``unembedding``, as far as they are at hand.
        claimed: Names of the parts that are claimed in the left or right embedding, or by the
            neurons where no embedding has a claimed part.
        neurons: One for each neuron looked at.
        neuron_functions: For each layer the means of its neurons as functions of ``a``, ``b`` and
            ``ab`` on the group, without constants, shape ``(3, n, m)``.
        interventions: What the network answers when parts of it are taken away.
        notes: What could not be done, and why.
        seed: Seed of the permutations.
        permutations: How many there are behind each null.
        seconds: Wall-clock time.
    """

    answers: Table
    solution: Solution | None
    isotopism: Isotopism | None = None
    standing: Literal["found", "given", "truth"] | None = None
    truth: Table | None = None
    accuracy: float | None = None
    reference: Table | None = None
    agreement: float | None = None
    irreducibles: tuple[RealIrreducible, ...] = ()
    generators: tuple[tuple[str, int], ...] = ()
    parts: tuple[PartEnergies, ...] = ()
    claimed: tuple[str, ...] = ()
    neurons: tuple[NeuronPart, ...] = field(default=(), repr=False)
    neuron_functions: Mapping[str, Float[NDArray[Any], "3 n m"]] = field(
        default_factory=dict, repr=False
    )
    interventions: tuple[Intervention, ...] = ()
    notes: tuple[str, ...] = ()
    seed: int = 0
    permutations: int = 0
    seconds: float = 0.0

    @property
    def chance(self) -> float:
        """The accuracy of a network that answers at random."""
        return 1 / len(self.answers.symbols)

    def energies(self, part: str) -> dict[str, float]:
        """Return the shares of energy of one matrix by the name of the irreducible.

        Raises:
            ValueError: If that matrix was not at hand; the message names those that were.
        """
        for each in self.parts:
            if each.name == part:
                names = (irreducible.name for irreducible in self.irreducibles)
                return dict(zip(names, np.round(each.shares, 15).tolist(), strict=True))
        known = ", ".join(each.name for each in self.parts) or "none"
        raise ValueError(f"`part` must be one of those at hand ({known}); got {part!r}.")

    @property
    def verdict(self) -> str:
        """What was found, in sentences: what is proved, and what is measured."""
        return " ".join(sentences(self))

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.explanation/1``."""
        return to_document(self)

    def __repr__(self) -> str:
        return f"Explanation({self.answers.order} symbols: {self.verdict})"
