"""What a full table is: properties with counterexamples, the group behind it, complexity."""

import math
import time
from dataclasses import dataclass, fields, replace
from typing import Any

from cayley._random import stream_seed
from cayley.algebra import (
    Analysis,
    GroupDescription,
    Identification,
    Isotopism,
    Property,
    analyze,
    describe,
    identify,
)
from cayley.completion._progress import Callback, Progress
from cayley.completion.inspection._kinds import kind_of
from cayley.completion.inspection._parts import parts_of
from cayley.completion.inspection._reasons import explain, sentence
from cayley.completion.inspection._short_laws import ShortLaws, short_laws
from cayley.completion.inspection._two_tables import TwoTables, two_tables
from cayley.deduction.presentations._read_source import read_source
from cayley.tables import Table
from cayley.tables._as_table import TableLike, as_table

__all__ = ["Inspection", "inspect_table", "with_complexity", "with_laws", "with_other"]

_RESTARTS = 4
"""Starts of a measured complexity: it is an upper bound, and more starts rarely lower it."""

_OF_ONE_ALPHABET = frozenset(
    {
        "associative", "commutative", "idempotent", "unipotent", "identity", "left_identity",
        "right_identity", "inverses", "absorbing_element", "left_alternative",
        "right_alternative", "flexible", "group", "moufang", "left_bol", "right_bol", "medial",
        "left_distributive", "right_distributive", "left_quandle", "right_quandle", "steiner",
        "semilattice", "zero", "regular", "inverse_semigroup",
    }
)  # fmt: skip
"""Properties that compare rows with columns or symbols, and mean nothing across alphabets."""

_WITNESSES = frozenset({"identity", "left_identity", "right_identity", "absorbing_element", "zero"})


_KINDS = {
    ("latin", 4): "rcrc",
    ("left_cancellative", 3): "rcc",
    ("right_cancellative", 3): "crr",
    ("group_isotope", 4): "rcrc",
    ("group_isotope", 8): "rrccrrcc",
}
"""Which places of a counterexample are rows and which are columns; all rows if not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything exact about a full table.

    Attributes:
        table: The table; columns and symbols in the order of the rows if they are one alphabet.
        properties: Its properties, on the indices of ``table``.
        identification: Name of the group behind it, and what kind of structure it is.
        description: What is known about that group, its elements named after the symbols.
        kind: The most special word for it that is proved, such as ``"Moufang loop"``.
        parts: Of a loop, quasigroup, semigroup or rack that is no group, its parts in labels, as
            the document has them.
        measured: H / n^2 at the exact fits that training reached, ascending; None if not measured.
        weighted: H weighted by the structure tensor over n^2 at the same fits: at least 3 for every
            operation, and H / n^2 for quasigroups; empty if not measured.
        collinearity: Mean cosine between A_a B_b and C_c' at the same fits.
        ranks: Mean share of the dimensions that a triple of the table uses there.
        floors: What `weighted` cannot be below at that rank.
        complexity_steps: Steps that it took.
        laws: Which numbered laws of at most four operations hold; None if not asked for, or if
            rows, columns and symbols are different alphabets.
        two_tables: What it is together with a second table; None if there was none.
    """

    table: Table
    properties: Analysis
    identification: Identification
    description: GroupDescription | None
    kind: str
    parts: dict[str, Any]
    measured: tuple[float, ...] | None = None
    weighted: tuple[float, ...] = ()
    collinearity: tuple[float, ...] = ()
    ranks: tuple[float, ...] = ()
    floors: tuple[float, ...] = ()
    complexity_steps: int = 0
    laws: ShortLaws | None = None
    two_tables: TwoTables | None = None

    @property
    def isotopism(self) -> Isotopism | None:
        """The maps to the group behind the table, or None."""
        found = self.identification.isotopism
        return found if isinstance(found, Isotopism) else None

    @property
    def complexity_is_exact(self) -> bool:
        """Whether the complexity is known without training: 3 at isotopes of groups."""
        return self.isotopism is not None

    @property
    def complexity(self) -> float | None:
        """H / n^2: 3 exactly at isotopes of groups, else the smallest measured, or None."""
        if self.complexity_is_exact:
            return 3.0
        return self.measured[0] if self.measured else None

    def applies(self, name: str) -> bool:
        """Whether a property means anything over this table's alphabets."""
        return self.table.has_one_alphabet or name not in _OF_ONE_ALPHABET

    def counterexample(self, name: str, answer: Property) -> list[str] | None:
        """Return a counterexample as labels, in the order that the property's function states."""
        places = answer.counterexample
        if places is None:
            return None
        labels = {"r": self.table.rows, "c": self.table.columns}
        # Over one alphabet rows and columns are the same labels in the same order.
        kinds = _KINDS.get((name, len(places)), "r" * len(places))
        return [labels[kind][i] for kind, i in zip(kinds, places, strict=True)]

    def explain(self, name: str, answer: Property) -> str:
        """Return why a property fails, in labels; empty if it holds or there is little to say."""
        if answer:
            return ""
        return explain(name, self.counterexample(name, answer), self.table, self.properties)

    def _of_the_fit(self) -> dict[str, float]:
        """Return what is known of the matrices at the fit that complexity is measured at."""
        names = ("weighted", "floor", "rank", "collinearity")
        values = (self.weighted, self.floors, self.ranks, self.collinearity)
        return {f"complexity_{name}": at[0] for name, at in zip(names, values, strict=True) if at}

    def to_document(self) -> dict[str, Any]:
        """Return the JSON document of schema ``cayley.inspection/1``."""
        found, maps = self.identification, self.isotopism
        answers = {name: answer for name, answer in self.properties if self.applies(name)}
        properties: dict[str, Any] = {
            item.name: bool(answers[item.name]) if item.name in answers else None
            for item in fields(self.properties)
            if item.name != "structure"
        }
        for name in _WITNESSES & answers.keys():
            witness = answers[name].witness
            properties[name] = None if witness is None else self.table.rows[witness]
        return {
            "schema": "cayley.inspection/1",
            "order": self.table.order,
            "structure": str(found.structure),
            "kind": self.kind,
            "properties": properties,
            "counterexamples": {
                name: self.counterexample(name, answer)
                for name, answer in answers.items()
                if answer.counterexample is not None
            },
            "reasons": {
                name: sentence(name, self.counterexample(name, answer), self.table, self.properties)
                for name, answer in answers.items()
                if not answer
            },
            "group": None
            if self.description is None
            else {"name": found.name, "gap_id": found.gap_id and list(found.gap_id)},
            "isotopism": None
            if maps is None
            else {
                "rows": maps.rows.tolist(),
                "columns": maps.columns.tolist(),
                "symbols": maps.symbols.tolist(),
            },
            **_of_group(self.description),
            "parts": self.parts,
            "complexity": self.complexity,
            "complexity_is": None
            if self.complexity is None
            else "exact"
            if self.complexity_is_exact
            else "an upper bound",
            **self._of_the_fit(),
            **_of_laws(self.laws),
            **(
                {} if self.two_tables is None else {"two_operations": self.two_tables.to_document()}
            ),
        }


def _of_laws(laws: ShortLaws | None) -> dict[str, Any]:
    """Return the part of the document that is about numbered laws; empty if there is none."""
    if laws is None:
        return {}
    return {"laws": list(laws.hold), "laws_undecided": list(laws.undecided)}


def _of_group(description: GroupDescription | None) -> dict[str, Any]:
    """Return the part of the document that is about the group."""
    if description is None:
        return {"classes": None, "irreps": None}
    document = description.to_json()
    return {key: document[key] for key in document if key not in ("order", "name", "gap_id")}


def inspect_table(table: TableLike) -> Inspection:
    """Decide every property of a full table, and name the group behind it.

    Args:
        table: A full table in any form, rows, columns and symbols equally many.

    Raises:
        ValueError: If a cell is unknown or the numbers differ.

    Example:
        >>> table = Table.from_array([[0, 2, 1], [1, 0, 2], [2, 1, 0]])
        >>> found = inspect_table(table)
        >>> str(found.identification), found.explain("commutative", found.properties.commutative)
        ('isotope of C3 (GAP 3:1)', '0 o 1 = 2, but 1 o 0 = 1')
    """
    table = as_table(table, read=read_source)
    missing = table.array.size - table.num_observed
    if missing:
        cells = "cell is" if missing == 1 else "cells are"
        raise ValueError(
            f"only a full table can be inspected, and {missing} {cells} unknown. "
            "Use `cayley complete` first."
        )
    if not table.is_square:
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        raise ValueError(
            "only a table with equally many rows, columns and symbols can be inspected; "
            f"got {sizes}."
        )
    ordered = table.aligned() if table.has_one_alphabet else table
    found = identify(ordered)
    isotopism = found.isotopism if isinstance(found.isotopism, Isotopism) else None
    properties = analyze(ordered.array, isotopism=found.isotopism)
    kind, parts = str(found.structure), {}
    if ordered.has_one_alphabet:
        parts = parts_of(ordered.array, ordered.rows, properties)
        kind = kind_of(found.structure, properties, parts)
    return Inspection(
        table=ordered,
        properties=properties,
        identification=found,
        description=None
        if isotopism is None
        else describe(isotopism.group, labels=_names_of_elements(ordered, isotopism)),
        kind=kind,
        parts=parts,
    )


def _names_of_elements(table: Table, isotopism: Isotopism) -> list[str]:
    """Name each element of the group after the symbol that stands for it."""
    names = dict(zip(isotopism.symbols.tolist(), table.symbols, strict=True))
    return [names[g] for g in range(isotopism.group.order)]


def with_laws(found: Inspection) -> Inspection:
    """Return the inspection with the numbers of the short laws that hold, over one alphabet.

    Example:
        >>> found = with_laws(inspect_table(Table.from_array([[0, 0], [0, 1]])))
        >>> [number in found.laws.hold for number in (3, 43, 4512, 2)]
        [True, True, True, False]
    """
    if not found.table.has_one_alphabet:
        return found
    return replace(found, laws=short_laws(found.table.array))


def with_other(found: Inspection, other: TableLike) -> Inspection:
    """Return the inspection with what the table is together with a second one.

    Args:
        found: The inspection of a table over one alphabet.
        other: A full table over the same labels, in any form.

    Raises:
        ValueError: If a cell is unknown, or the labels differ.

    Example:
        >>> plus, times = [[0, 1], [1, 0]], [[0, 0], [0, 1]]
        >>> found = with_other(inspect_table(plus), times)
        >>> found.two_tables.together.kinds, found.two_tables.together.name
        (('field',), 'GF(2)')
    """
    return replace(found, two_tables=two_tables(found.table, as_table(other, read=read_source)))


def with_complexity(
    found: Inspection,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    callback: Callback | None = None,
) -> Inspection:
    """Return the inspection with the table's complexity, which is trained for if it must be.

    Isotopes of groups have complexity 3 exactly, and are returned as they are. Of other tables the
    smallest H / n^2 at an exact fit is measured from four starts, an upper bound.

    Args:
        found: The inspection of a table.
        seed: Seed of the starts, an integer >= 0.
        time_limit: Seconds after which training ends; a fit that is not exact by then counts for
            nothing.
        callback: Called as training goes on; it ends when that returns True.

    Example:
        >>> import numpy as np
        >>> from cayley.completion import inspect_table
        >>> from cayley.tables import Table
        >>> maximum = Table.from_array(np.maximum.outer(np.arange(3), np.arange(3)))
        >>> found = with_complexity(inspect_table(maximum))
        >>> found.complexity_is_exact, 2.5 < found.complexity < 3.5
        (False, True)
    """
    if found.complexity_is_exact:
        return found
    from cayley.hypercube import TrainingStep, measure_complexity

    deadline = math.inf if time_limit is None else time.monotonic() + time_limit

    def report(step: TrainingStep) -> bool:
        progress = Progress(
            solver="hypercube",
            stage=f"complexity, start {step.restart}",
            step=step.step,
            fit=step.fit,
            penalty_ratio=step.penalty_ratio,
            penalty_floor=step.penalty_floor,
            agreement=step.agreement,
            loss=step.loss,
            imbalance=step.imbalance,
        )
        stop = callback is not None and bool(callback(progress))
        return stop or time.monotonic() > deadline

    measured = measure_complexity(
        found.table.array,
        seed=stream_seed(seed, "complexity", 0),
        restarts=_RESTARTS,
        callback=report,
    )
    return replace(
        found,
        measured=measured.values,
        weighted=measured.weighted,
        collinearity=measured.collinearity,
        ranks=measured.ranks,
        floors=measured.floors,
        complexity_steps=measured.steps,
    )
