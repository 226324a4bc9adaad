"""What is measured of a network, as values: parts, cosets, neurons, interventions."""

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from cayley._shapes import Bool, Float

__all__ = [
    "OF",
    "CosetDependence",
    "Intervention",
    "NeuronPart",
    "PartEnergies",
    "RealIrreducible",
]

OF: tuple[Literal["a", "b", "ab"], ...] = ("a", "b", "ab")
"""What a neuron can depend on: the left operand, the right one, the product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealIrreducible:
    r"""A real irreducible representation of the group, as the parts are named.

    Attributes:
        name: ``X.3``: row of the character table, counted from 1, as ``cayley inspect`` prints it;
            ``X.3+X.4``: a conjugate pair; ``2X.5``: one of quaternionic type.
        rows: The rows of the character table that it stands for, counted from 0.
        degree: The degree of each of them.
        dimension: Of its isotypic part in the functions on the group: the sum of the squared
            degrees of ``rows``.
        frequency: In an abelian group the exponents :math:`k_i` with
            :math:`\chi(g_i) = e^{2 \pi i k_i / n_i}` at the generators that the explanation
            names, of the two conjugate ones the smaller; None in other groups.
    """

    name: str
    rows: tuple[int, ...]
    degree: int
    dimension: int
    frequency: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartEnergies:
    """The energies of one matrix of the network in the parts, ``k`` real irreducibles.

    Attributes:
        name: ``left``, ``right`` or ``unembedding``.
        energies: Squared Frobenius norm of each isotypic part, shape ``(k,)``; they sum to that of
            the matrix. The first is that of the mean over the symbols.
        shares: The same divided by the sum without the first, which says nothing about symbols; the
            first share is 0. All are 0 where the matrix is constant.
        null: The share of each part that chance explains, shape ``(k,)``: the 99 % quantile when
            the symbols of what larger claimed parts leave over are shuffled.
        claimed: The parts that hold more than chance, shape ``(k,)``, bool.
    """

    name: str
    energies: Float[NDArray[Any], " k"]
    shares: Float[NDArray[Any], " k"]
    null: Float[NDArray[Any], " k"]
    claimed: Bool[NDArray[Any], " k"]

    @property
    def claimed_share(self) -> float:
        """The share of the energy that the claimed parts hold together."""
        return float(self.shares[self.claimed].sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CosetDependence:
    """How much of a function on the group is constant on the cosets of a subgroup.

    Attributes:
        of: What the function depends on: ``a``, ``b`` or the product ``ab``.
        side: ``left`` for cosets :math:`xH`, ``right`` for :math:`Hx`.
        subgroup_class: The place of the class of conjugate subgroups, by rising order.
        order: The order of the subgroup.
        elements: Its elements, as elements of the group of the isotopism.
        generators: Elements that generate it, likewise.
        cosets: How many cosets there are.
        share: The share of the function's variance between cosets.
        adjusted: The same, corrected for the number of cosets: 0 is what chance gives on average,
            1 a function of the coset.
        sharp: Whether no subgroup explains 99 % of shuffled functions as well, with as few cosets.
    """

    of: Literal["a", "b", "ab"]
    side: Literal["left", "right"]
    subgroup_class: int
    order: int
    elements: tuple[int, ...]
    generators: tuple[int, ...]
    cosets: int
    share: float
    adjusted: float
    sharp: bool

    @property
    def is_function_of_coset(self) -> bool:
        """Whether at least 95 % of the variance is between cosets, and more than chance gives."""
        return self.share >= 0.95 and self.sharp


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NeuronPart:
    """What one neuron depends on.

    Attributes:
        index: Its place in its layer.
        layer: Name of the layer; ``neurons`` of a file.
        depends: Shares of its variance over all pairs that are a function of ``a`` alone, of ``b``
            alone and of the product ``ab`` alone; the rest depends on the pair in other ways.
        irreducible: The place of the part with the largest energy, all three functions together.
        concentration: The share of that part in the energy of the three functions.
        claimed: Whether shuffled symbols concentrate less, at the 99 % level.
        cosets: The best subgroup for each of the three functions that holds 1 % of the variance.
    """

    index: int
    layer: str
    depends: dict[str, float]
    irreducible: int | None
    concentration: float
    claimed: bool
    cosets: tuple[CosetDependence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """The accuracy after a change to the network.

    Attributes:
        kind: ``claimed parts alone`` and ``without the claimed parts``: the embeddings replaced by
            their projections; ``exact representation``: by the linear function of the entries of
            exact matrices that is nearest to them; ``without the neurons of a part``: neurons
            replaced by constants, their means over all pairs; ``each neuron its own part alone``:
            neurons before the rectifier replaced by their projections on one part each.
        parts: Names of the parts that it is about.
        accuracy: The share of cells in which the changed network answers as the reference does.
        neurons: How many neurons were taken away; None if it is about embeddings.
    """

    kind: Literal[
        "claimed parts alone",
        "without the claimed parts",
        "without the neurons of a part",
        "exact representation",
        "each neuron its own part alone",
    ]
    parts: tuple[str, ...]
    accuracy: float
    neurons: int | None = None
