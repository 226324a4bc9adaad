"""The second part of the page: how the table is to be completed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from nicegui import ui

from cayley.studio._fields import Field, button, checkboxes, select_field, text, text_field
from cayley.studio._jobs import Job
from cayley.studio._session import Session
from cayley.studio._state import LARGEST_SEED, SOLVERS, checked_assumption, encode_state

__all__ = ["SOLVER_TITLES", "SettingsForm"]

SOLVER_TITLES = {
    "auto": "auto: deduce, else learn",
    "exact": "exact deduction",
    "synchronization": "synchronization",
    "hypercube": "HyperCube",
}
"""The solvers, as a visitor reads them."""

_OTHER = "other"  # no theory has this name: what is typed beside the list

_ASSUMPTIONS = {
    "auto": "what the cells speak for",
    "group": "a group",
    "abelian group": "an abelian group",
    "isotope": "an isotope of a group",
    "homotope": "a homotope of a group",
    "quasigroup": "a quasigroup (a Latin square)",
    "loop": "a loop",
    "Moufang loop": "a Moufang loop",
    "semigroup": "a semigroup",
    "monoid": "a monoid",
    "band": "a band",
    "semilattice": "a semilattice",
    "quandle": "a quandle, left or right",
    "polynomial": "a polynomial modulo a prime",
    "x*y = y*x": "commutative",
    "none": "anything",
    _OTHER: "other, as written beside",
}
"""What is offered, as :func:`~cayley.completion.solve` takes it and as a visitor reads it."""

_SECONDS = 60.0  # offered at first, where the studio allows so many


class SettingsForm:
    """The settings of the completion, and the buttons that start and stop it.

    Args:
        session: The visitor's table and state.
        address: The address of the studio as the visitor sees it.
        attempt: Does what is asked for, or shows why not.
        start: Starts jobs, side by side.
        stop: Stops all runs.
    """

    def __init__(
        self,
        session: Session,
        *,
        address: str,
        attempt: Callable[..., Any],
        start: Callable[[Sequence[Job]], None],
        stop: Callable[[], None],
    ) -> None:
        self._session, self._address = session, address
        self._attempt, self._start, self._stop = attempt, start, stop
        self._solvers = set(session.state.solvers)

    def build(self) -> None:
        """Make the elements of this part of the page."""
        text("h2", "Complete it")
        state, limits = self._session.state, self._session.limits
        with ui.element("div").classes("bar"):
            checkboxes("Solvers, side by side", SOLVER_TITLES, self._solvers)
            listed = state.assume in _ASSUMPTIONS
            self._assume: Field = select_field(
                "It is taken to be", _ASSUMPTIONS, state.assume if listed else _OTHER
            )
            self._other = text_field(
                "or, by name or identities",
                "" if listed else state.assume,
                placeholder="left Bol loop; x(yx) = y",
                maxlength=200,
                size=24,
                spellcheck="false",
            )
            # The two never say different things: what is typed is chosen, and choosing empties it.
            self._other.on_input(self._on_typed)
            self._assume.on_input(self._on_chosen)
            self._seed = text_field("Seed", str(state.seed), kind="number", min=0)
            seconds = f"{min(_SECONDS, limits.time_limit):g}"
            self._time = text_field("Seconds", seconds, kind="number", min=1)
            button("Complete", lambda: self._attempt(self._complete), main=True)
            button("Next seed", lambda: self._attempt(self._next_seed))
            button("Stop all", self._stop)
        with ui.element("div").classes("bar"):
            button("Link to this state", lambda: self._attempt(self._link))
            self._link_field = text_field("Link", "", readonly=True, size=60)

    def _on_typed(self, typed: str) -> None:
        """Choose what is typed."""
        if typed.strip() and self._assume.value != _OTHER:
            self._assume.value = _OTHER

    def _on_chosen(self, chosen: str) -> None:
        """Forget what was typed."""
        if chosen != _OTHER:
            self._other.value = ""

    def _save(self) -> None:
        """Put what the form says into the visitor's state.

        Raises:
            ValueError: If something is not chosen or out of range; nothing is changed then.
        """
        # In the order of SOLVERS, since a set has none: the cards stand in the same order always.
        chosen = tuple(name for name in SOLVERS if name in self._solvers)
        if not chosen:
            raise ValueError("Choose at least one solver.")
        # A browser sends what it likes, also what the form does not offer.
        chosen_kind = self._assume.value
        assume = checked_assumption(self._other.value if chosen_kind == _OTHER else chosen_kind)
        seed = int(self._seed.number("The seed", least=0, most=LARGEST_SEED))
        self._session.state = replace(self._session.state, solvers=chosen, assume=assume, seed=seed)

    def _complete(self) -> None:
        """Start one job for each solver that is chosen."""
        self._save()
        state, limits = self._session.state, self._session.limits
        seconds = self._time.number("Seconds", least=0.1, most=limits.time_limit)
        table = state.table.aligned() if state.table.has_one_alphabet else state.table
        self._start(
            [
                Job(
                    table=table,
                    solver=cast("Any", solver),
                    assume=state.assume,
                    seed=state.seed,
                    time_limit=seconds,
                    folder="",  # the run makes one when it starts
                )
                for solver in state.solvers
            ]
        )

    def _next_seed(self) -> None:
        """Complete once more with the seed after this one."""
        seed = int(self._seed.number("The seed", least=0, most=LARGEST_SEED - 1))
        self._seed.value = str(seed + 1)
        self._complete()

    def _link(self) -> None:
        """Show a link that holds the table and the settings."""
        self._save()
        code = encode_state(self._session.state)
        if len(code) > self._session.limits.max_link:
            raise ValueError(
                f"The table is too large for a link ({len(code)} characters, the limit is "
                f"{self._session.limits.max_link}); download it instead."
            )
        self._link_field.value = f"{self._address}?s={code}"
