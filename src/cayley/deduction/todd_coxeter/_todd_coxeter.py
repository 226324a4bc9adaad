"""Todd-Coxeter coset enumeration over the trivial subgroup: closure first, then definitions.

The cosets of the trivial subgroup are the elements of the group. ``_todd_coxeter_python`` and
``_todd_coxeter_numba`` hold the coset table, for small and for large orders; where no element has
to be defined ``_todd_coxeter_numpy`` is enough. Here is what drives them within limits.

References:
    Todd, Coxeter (1936), "A practical method for enumerating cosets of a finite abstract group".
    Felsch (1961), "Programmierung der Restklassenabzaehlung einer Gruppe nach Untergruppen".
"""

import math
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._group_of_cosets import regular_group
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, refined
from cayley.deduction.todd_coxeter._todd_coxeter_numba import CompiledCosetTable, kernel_is_loaded
from cayley.deduction.todd_coxeter._todd_coxeter_numpy import closed_products
from cayley.deduction.todd_coxeter._todd_coxeter_python import PythonCosetTable

__all__ = [
    "PLAIN_ORDER",
    "ROUNDS",
    "Enumeration",
    "Limits",
    "Reach",
    "enumerate_group",
    "enumerate_whole_group",
]

_MOST_COPIED = 50_000_000
"""Products that are copied from a table that stays open: more take up to a second of their own."""

PLAIN_ORDER = 24
"""Up to this order everything runs in plain Python and nothing is compiled: loading the compiler
takes longer than an enumeration of this size."""

Reach = Literal["closure", "enumeration"]

ROUNDS = 32
"""How often at most the closure begins anew with what it has found. Each round states the products
found as relations of their own; it ends by itself where that adds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far to go before answering "undecided".

    Attributes:
        max_cosets: How many elements may be defined beyond the labels. By default 50 times the
            order up to order 24, where nothing is compiled, and above it 200 times the order but
            not more than 24,000 or ten times the order.
        max_bytes: How much memory the coset table may take, in bytes.
        time_limit: Seconds for one call, looked at every fraction of a second; None for no limit.
            Results do not depend on the machine's speed only if there is none.
        full_enumeration: Whether to define elements beyond the labels where the closure stops.
        evidence_seconds: How long to make the evidence for an inconsistency smaller; it is
            inconsistent in any case.

    Raises:
        ValueError: If a limit is negative.

    Example:
        >>> Limits(time_limit=2.0).definitions(order=120)
        24000
    """

    max_cosets: int | None = None
    max_bytes: int = 1 << 30
    time_limit: float | None = None
    full_enumeration: bool = True
    evidence_seconds: float = 5.0

    def __post_init__(self) -> None:
        for name in ("max_cosets", "max_bytes", "time_limit", "evidence_seconds"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"`{name}` must not be negative; got {value!r}.")

    def definitions(self, order: int) -> int:
        """Return how many elements may be defined for a table of this order."""
        if self.max_cosets is not None:
            return self.max_cosets
        if order <= PLAIN_ORDER:
            return 50 * order  # fewer: every definition runs in plain Python
        # A compiled definition costs microseconds, but the coset table grows with the number of
        # generators too: at order 1000 the two arrays of 25,000 cosets take 200 MB.
        return min(200 * order, max(24_000, 10 * order))

    def deadline(self) -> float:
        """Return when a call that starts now has to end, on the monotonic clock."""
        return math.inf if self.time_limit is None else time.monotonic() + self.time_limit

    def until(self, deadline: float) -> "Limits":
        """Return the same limits for a call that starts now and ends at a deadline."""
        left = None if math.isinf(deadline) else max(0.0, deadline - time.monotonic())
        return replace(self, time_limit=left)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Enumeration:
    """What is known of a presented group.

    Attributes:
        status: "collapsed": two labels of a kind are one element. "finite": the whole group is
            known. "open": a limit was reached, see ``reason``.
        presentation: The generators, perhaps merged on the way.
        images: Known products ``v g``; every one holds in the group. The first row says which
            elements the generators are; where time was over, or there would be very many, only
            these have a row, and products that are other elements are -1.
        table: The multiplication table of the group, if finite.
        reach: Whether the closure did it or the full enumeration.
        num_defined: How many elements were defined beyond the labels.
        reason: Which limit ended an open enumeration.
    """

    status: Literal["collapsed", "finite", "open"]
    presentation: UniversalPresentation
    images: Int[NDArray[Any], "v g"]
    table: Int[NDArray[Any], "v v"] | None = None
    reach: Reach = "closure"
    num_defined: int = 0
    reason: Literal["", "closure", "cosets", "time"] = ""


def enumerate_group(
    presentation: UniversalPresentation,
    order: int,
    limits: Limits,
    *,
    deadline: float = math.inf,
    rounds: int = ROUNDS,
) -> Enumeration:
    """Find out as much as the limits allow about a presented group.

    Args:
        presentation: Generators and relations; the labels must stay distinct.
        order: The order of the table, which decides between plain and compiled code.
        limits: Where to stop.
        deadline: When to stop, on the monotonic clock.
        rounds: How often at most to begin the closure anew with what it has found. The closure of
            one round is monotone: more relations never lead to less.
    """
    if order > PLAIN_ORDER and not kernel_is_loaded():
        closed = _closed_group(presentation)
        if closed is not None:
            return closed
    nothing = np.full((1, presentation.num_generators), -1)
    for _ in range(rounds):
        if presentation.clash:
            return Enumeration(status="collapsed", presentation=presentation, images=nothing)
        table = _coset_table(presentation, order, limits)
        result = _advance(table, presentation, deadline, define=False, most=0)
        if result.status != "open" or result.reason == "time":
            return result
        finer = _finer(result)
        if finer is None:
            break
        presentation = finer
    if not limits.full_enumeration:
        return result
    return _advance(table, presentation, deadline, define=True, most=limits.definitions(order))


def enumerate_whole_group(
    presentation: UniversalPresentation,
    limits: Limits,
    *,
    compiled: bool,
    most: int,
    deadline: float = math.inf,
) -> Enumeration:
    """Enumerate a presented group whose generators need not be distinct elements.

    Args:
        presentation: Generators and relations, with no labels to keep apart.
        limits: How much memory the coset table may take.
        compiled: Whether to use the compiled kernel, whose loading takes a second.
        most: How many elements may be defined beyond the generators.
        deadline: When to stop, on the monotonic clock.
    """
    table: PythonCosetTable | CompiledCosetTable = (
        CompiledCosetTable(presentation, max_bytes=limits.max_bytes)
        if compiled
        else PythonCosetTable(presentation)
    )
    return _advance(table, presentation, deadline, define=True, most=most)


def _coset_table(
    presentation: UniversalPresentation, order: int, limits: Limits
) -> PythonCosetTable | CompiledCosetTable:
    if order <= PLAIN_ORDER:
        return PythonCosetTable(presentation)
    return CompiledCosetTable(presentation, max_bytes=limits.max_bytes)


def _closed_group(presentation: UniversalPresentation) -> Enumeration | None:
    """Return the group of a table that closes without the compiled kernel, None for another one."""
    if len(presentation.labels) > 1:
        return None  # of three alphabets most generators are equal in pairs
    found = closed_products(presentation)
    if found is None:
        return None
    presentation, images = found
    group = regular_group(presentation, images)
    if group is None:
        return None
    return Enumeration(status="finite", presentation=presentation, images=images, table=group)


def _advance(
    table: PythonCosetTable | CompiledCosetTable,
    presentation: UniversalPresentation,
    deadline: float,
    *,
    define: bool,
    most: int,
) -> Enumeration:
    """Go on until the group is known, nothing more follows, or a limit is reached."""
    reach: Reach = "enumeration" if define else "closure"
    while True:
        progress = table.advance(define=define, max_definitions=most)
        late = progress == "working" and time.monotonic() > deadline
        group, images = None, np.full((1, presentation.num_generators), -1)
        if progress != "clash" and table.has_full_column():
            images = table.images()
            group = regular_group(presentation, images)
        if group is None and progress == "working" and not late:
            continue
        if progress != "clash" and group is None:
            size = table.num_alive * presentation.num_generators
            images = table.images(of_generators=late or size > _MOST_COPIED)
        return Enumeration(
            status="collapsed" if progress == "clash" else "open" if group is None else "finite",
            presentation=presentation,
            images=images,
            table=group,
            reach=reach,
            num_defined=table.num_defined,
            reason="" if group is not None or progress == "clash" else "time" if late
            else "cosets" if define else "closure",
        )  # fmt: skip


def _finer(result: Enumeration) -> UniversalPresentation | None:
    """State the products that were found as relations, unless that adds nothing or too much."""
    before = result.presentation
    known = int((result.images >= 0).sum())
    # Where most products are known a few definitions complete the table sooner than new relations.
    if 2 * known > result.images.size:
        return None
    # More new relations than this slow the closure down more than they help it.
    after = refined(before, result.images, most=8 * len(before.relations) + 100)
    unchanged = after.num_generators == before.num_generators
    return None if unchanged and len(after.relations) == len(before.relations) else after
