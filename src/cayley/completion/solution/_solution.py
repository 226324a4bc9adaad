"""What :func:`solve` returns: findings with a verdict, a representation and a document."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cayley.completion._findings import Findings
from cayley.completion.solution._json import to_document
from cayley.completion.solution._notebook import notebook_html
from cayley.completion.solution._wording import verdict

if TYPE_CHECKING:
    from cayley.representations import Representation

__all__ = ["PROOF_SECONDS", "Solution"]

_LARGEST_ROUNDED = 64
"""Rounding learned matrices takes n^2 d^3 operations: 16 million products of 64 x 64 here."""

_LARGEST_REGULAR = 256
"""The n^3 numbers of the regular representation take 128 MiB at this order."""


PROOF_SECONDS = 20.0
"""For all proofs together; nearly all take less than one second."""


class Solution(Findings):
    """A completed table with its verdict; a value, never changed.

    Its attributes are those of :class:`Findings`.

    References:
        Schema ``cayley.solution/1`` is written by :meth:`to_document`.
    """

    @cached_property
    def representation(self) -> "Representation | None":
        """A faithful unitary representation of the group found, or None if there is no group.

        What was learned, its gauge fixed and rounded to a representation, up to order 64 (rounding
        takes n^2 d^3 operations); where nothing was learned, or what was learned does not round to
        a faithful one, the regular representation, up to order 256.
        """
        if self.isotopism is None:
            return None
        from cayley.representations import (  # with torch, so only where there is a group
            regular_representation,
            representation_from_factors,
        )

        order = self.isotopism.group.order
        if self.factors is not None and order <= _LARGEST_ROUNDED:
            found = representation_from_factors(*self.factors, self.isotopism)
            if found.converged and found.representation.is_faithful:
                return found.representation
        group = self.isotopism.group
        return regular_representation(group) if order <= _LARGEST_REGULAR else None

    @property
    def certificate(self) -> dict[str, Any] | None:
        """The document of schema ``cayley.certificate/1``: each claim with its proof.

        It is made when it is first asked for, which takes seconds for large tables, and has passed
        the checker. None if nothing is claimed that can be proved in it.
        """
        return self._certified[0]

    @cached_property
    def _certified(self) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """The certificate, and sentences on what it does not prove."""
        from cayley.completion.certificates._certificate import (
            certificate_of,  # brings theories along
        )

        limit = self.options.get("time_limit")
        left = PROOF_SECONDS if limit is None else max(0.5, float(limit) - self.seconds)
        return certificate_of(self, time_limit=min(PROOF_SECONDS, left))

    @property
    def verdict(self) -> str:
        """The verdict in a sentence or two that a person understands."""
        return verdict(self)

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.solution/1``."""
        return to_document(self, verdict=self.verdict)

    def _repr_html_(self) -> str:
        """Return the verdict and the table for a notebook, each cell with its provenance."""
        return notebook_html(self, verdict=self.verdict)

    def __repr__(self) -> str:
        order = "x".join(str(size) for size in self.table.array.shape)
        return f"Solution({order}, {self.status}: {self.verdict})"
