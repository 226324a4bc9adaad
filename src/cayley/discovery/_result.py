"""The result of :func:`~cayley.discovery.discover`, and the network that can be built on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._random import stream_seed
from cayley._shapes import Float, Int
from cayley.algebra import Group, Identification, identify
from cayley.completion import Provenance
from cayley.completion._findings import Status
from cayley.discovery._wording import (
    contradictions_sentence,
    defects_member,
    fit_sentence,
    group_member,
    inconsistent_sentence,
    structure_sentence,
    table_member,
    unresolved_sentence,
)
from cayley.equivariance import EquivariantNetwork
from cayley.representations import GroupAction, Representation, trivial_representation
from cayley.representations._defects import Defects

__all__ = ["Discovery", "Kind", "WrongObservation"]

Kind = Literal["states", "coordinates", "linear"]
"""What the transformations move: labeled states, the coordinates of vectors, or vectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongObservation:
    """An observation that contradicts what was found.

    Attributes:
        place: Its place among the observations, from 0.
        action: The label of the transformation.
        state: The state before, where states are labeled.
        given: The state after as observed, where states are labeled.
        expected: What it should have been: the state after, or, of vectors, the transformation that
            fits instead; None if none does.
    """

    place: int
    action: str
    state: str | None
    given: str | None
    expected: str | None

    def to_member(self) -> dict[str, Any]:
        """Return the member of the JSON document; it counts observations from 1."""
        return {
            "observation": self.place + 1,
            "action": self.action,
            "state": self.state,
            "given": self.given,
            "expected": self.expected,
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Discovery:
    r"""The group that observed transformations generate, and how it acts on the data.

    Rows are data: element ``g`` takes a row ``x`` to ``x @ rho(g)``, and products are in the order
    of execution, first ``g``, then ``h`` is ``gh``.

    Attributes:
        kind: What the transformations move.
        actions: Labels of the transformations.
        points: Labels of what is permuted: states or coordinates; empty if ``kind`` is "linear".
        transitions: The point after each transformation, shape ``(points, actions)``, -1 if
            unknown; None if ``kind`` is "linear".
        provenance: A :class:`~cayley.completion.Provenance` for each of them, int8, or None.
        status: ``solved``: all transitions are given or forced under the assumption in ``proof``,
            and the group is exact. ``predicted``: they come from a fit or from counting loops; the
            group is exact for what was predicted. ``unresolved``: some are unknown.
            ``inconsistent``: observations contradict each other, and no few wrong ones explain it.
        proof: What the answer rests on, in words.
        order: The order of the group, exact; None if not known.
        group: The group, or None if it was not found or has no table because it is too large.
        elements: The element of every transformation, shape ``(actions,)``; None without a group.
        action: The action on the points, or None.
        representation: How the group acts on the data: permutation matrices of the points, or the
            fitted matrices after rounding. None without a group, or if it would take too much room.
        vectors: Where states are vectors that were told apart, the vector of each, or None.
        residual: Of vectors: root mean square misfit over the observations that fit, relative to
            the size of the vectors.
        fitted: Of linear fits: the defects of the fitted matrices as a unitary representation.
        rounded: Of linear fits: the defects after rounding.
        distance: Of linear fits: the largest distance that rounding moved a matrix.
        wrong: Observations that contradict what was found.
        evidence: If inconsistent, places of observations that contradict each other already.
        notes: Remarks a person should read.
        seconds: Wall-clock time.
        version: Version of the library.
    """

    kind: Kind
    actions: tuple[str, ...]
    status: Status
    proof: str
    num_observations: int
    points: tuple[str, ...] = ()
    transitions: Int[NDArray[Any], "k m"] | None = None
    provenance: NDArray[np.int8] | None = None
    order: int | None = None
    group: Group | None = None
    elements: Int[NDArray[Any], " m"] | None = None
    action: GroupAction | None = None
    representation: Representation | None = field(default=None, repr=False)
    vectors: Float[NDArray[Any], "k d"] | None = None
    residual: float | None = None
    fitted: Defects | None = None
    rounded: Defects | None = None
    distance: float | None = None
    wrong: tuple[WrongObservation, ...] = ()
    evidence: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    version: str = ""

    @cached_property
    def identification(self) -> Identification | None:
        """The name of the group, with proof where there is one."""
        return None if self.group is None else identify(self.group)

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of transitions of every provenance, by its name."""
        codes = np.zeros(0, np.int8) if self.provenance is None else self.provenance.ravel()
        return {kind.name.lower(): int((codes == kind).sum()) for kind in Provenance}

    @property
    def verdict(self) -> str:
        """What was found, in a few sentences."""
        if self.status == "inconsistent":
            sentences = [inconsistent_sentence(self.evidence)]
        elif self.status == "unresolved":
            sentences = [unresolved_sentence(self.counts["unknown"])]
        else:
            sentences = [
                structure_sentence(self.status, len(self.actions), self.order, self.identification),
                f"{self.proof}.",
            ]
        sentences.append(fit_sentence(self.residual, self.fitted, self.rounded))
        sentences.append(contradictions_sentence(len(self.wrong), self.num_observations))
        return " ".join(sentence for sentence in sentences if sentence)

    def matrix(self, action: str) -> torch.Tensor:
        """Return the matrix of a transformation: it takes a row ``x`` to ``x @ matrix``.

        Raises:
            KeyError: If there is no such transformation.
            ValueError: If there is no representation.
        """
        if action not in self.actions:
            raise KeyError(action)
        rho = self._rho()
        assert self.elements is not None
        return rho.matrices[int(self.elements[self.actions.index(action)])]

    def network(
        self,
        *,
        out_channels: int = 1,
        in_channels: int = 1,
        hidden: Sequence[int] = (16, 16),
        invariant: bool = True,
        seed: int = 0,
    ) -> EquivariantNetwork:
        """Return a network on the data that commutes with the group that was found.

        Args:
            out_channels: Numbers out, or channels of the shape of the data.
            in_channels: Channels in, each of the shape of the data.
            hidden: Channels of functions on the group in each hidden layer.
            invariant: Whether outputs are numbers that do not change; else they move with the data.
            seed: Seed of the first parameters.

        Raises:
            ValueError: If there is no representation.
        """
        rho = self._rho()
        return EquivariantNetwork(
            rho,
            trivial_representation(rho.group) if invariant else rho,
            hidden=hidden,
            in_channels=in_channels,
            out_channels=out_channels,
            generator=torch.Generator().manual_seed(stream_seed(seed, "network")),
        )

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.discovery/1``.

        Its transitions list, for each point, the point after each transformation.
        """
        points: dict[int, str | None] = {-1: None, **dict(enumerate(self.points))}
        kinds: dict[int, str | None] = {int(kind): kind.name.lower() for kind in Provenance}
        return {
            "schema": "cayley.discovery/1",
            "kind": self.kind,
            "status": self.status,
            "proof": self.proof,
            "actions": list(self.actions),
            "points": list(self.points),
            "transitions": table_member(self.transitions, points),
            "provenance": table_member(self.provenance, kinds),
            "cells": self.counts,
            "order": self.order,
            "group": group_member(self.group, self.identification),
            "elements": None if self.elements is None else self.elements.tolist(),
            "degree": None if self.representation is None else self.representation.degree,
            "matrices": self._matrices(),
            "residual": self.residual,
            "defects": defects_member(self.fitted, self.rounded, self.distance),
            "observations": self.num_observations,
            "wrong": [wrong.to_member() for wrong in self.wrong],
            "evidence": [i + 1 for i in self.evidence],
            "verdict": self.verdict,
            "notes": list(self.notes),
            "seconds": self.seconds,
            "version": self.version,
        }

    def _matrices(self) -> dict[str, Any] | None:
        """Return the matrices of a linear fit by transformation; None where points are permuted."""
        if self.kind != "linear" or self.representation is None or self.elements is None:
            return None
        chosen = self.representation.matrices[self.elements.tolist()]
        return dict(zip(self.actions, chosen.tolist(), strict=True))

    def _rho(self) -> Representation:
        if self.representation is None:
            raise ValueError(f"there is no representation: {self.verdict}")
        return self.representation

    def __repr__(self) -> str:
        return f"Discovery({self.kind}, {self.status}: {self.verdict})"
