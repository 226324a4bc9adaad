"""What is known of the elements that a proof is about, and how theorems of Lean use it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from cayley import _checker
from cayley.completion.certificates._prefix_notation import VARIABLES, formula

__all__ = ["GroupModel", "LawModel", "Model", "model_of"]

_CONDITIONS = {
    "left cancellation": ("left", "∀ x y z, op x y = op x z → y = z"),
    "right cancellation": ("right", "∀ x y z, op y x = op z x → y = z"),
    "unit": ("unit", "∃ e, ∀ x, op e x = x ∧ op x e = x"),
    "inverses": (
        "inverses",
        "∃ e, (∀ x, op e x = x ∧ op x e = x) ∧ ∀ x, ∃ y, op x y = e ∧ op y x = e",
    ),
}
"""What a condition is called as a hypothesis, and what it says."""

_KINDS = ("row", "column", "symbol")


class Model(ABC):
    """The elements of all tables of a theory with n labels, called M.

    Attributes:
        theory: The theory, as the checker reads it.
        order: The number n.
        name: The structure of all models.
        carrier: The type of the elements.
        op: The operation.
        unit: The unit.
        given: What is known of a given cell, by its number.
        gauge: What is known of the gauge.
    """

    carrier = "M.G.T"
    op = "M.G.op"
    unit = "M.G.one"
    gauge: Sequence[str] = ()

    def __init__(self, theory: Any, order: int, name: str, cells: str) -> None:
        self.theory, self.order, self.name = theory, order, name
        self.given = f"holds_at {cells} M.given"

    @property
    @abstractmethod
    def associative(self) -> str:
        """A proof that the operation is associative."""

    @abstractmethod
    def label(self, kind: int, a: int | str) -> str:
        """Return the element of a label."""

    @abstractmethod
    def bijective(self, kind: int) -> str:
        """Return the proof that labels number the elements."""

    def one_to_one(self, kind: int) -> str:
        """Return the proof that different labels are different elements."""
        return f"{self.bijective(kind)}.1"

    @abstractmethod
    def cancel(self, place: int) -> str:
        """Return the proof that one may cancel: what is left is in the place."""

    @abstractmethod
    def quotient(self, place: int, known: str, product: str) -> tuple[str, str]:
        """Return a factor by the other one and the product, and the proof that it is one."""

    @abstractmethod
    def units(self, x: str) -> list[str]:
        """Return the proofs of 1 x = x and x 1 = x."""

    @abstractmethod
    def inverse(self, x: str) -> tuple[str, list[str]]:
        """Return y, and the proofs of x y = 1 and y x = 1."""

    @abstractmethod
    def law(self, k: int) -> str:
        """Return the proof of a law."""

    def some_factor(self, place: int, kind: int, known: str, product: str) -> str:
        """Return the proof that a factor is one of the labels of a kind."""
        value, proof = self.quotient(place, known, product)
        side, other = ("left", "q") if place == 0 else ("right", "p")
        given = f"(op := {self.op}) ({other} := {known}) (r := {product})"
        return f"(some_{side} {given} {self.bijective(kind)} ⟨{value}, {proof}⟩)"


class GroupModel(Model):
    """The elements of a group, of an isotope or of a homotope."""

    def __init__(self, theory: Any, order: int, cells: str, gauge: Sequence[int]) -> None:
        kind = "Isotope" if theory.is_isotope else "Group"
        kind = "Homotope" if theory.is_homotope else kind
        name = f"In{kind} {order} {cells}"
        if theory.is_isotope:
            name += f" {gauge[0]} {gauge[1]}"
            self.gauge = ("M.row_one", "M.column_one")
        super().__init__(theory, order, name, cells)

    associative = "M.G.assoc"

    def label(self, kind: int, a: int | str) -> str:
        return f"(M.{_KINDS[kind]} {a})" if self.theory.is_isotope else f"(M.f {a})"

    def bijective(self, kind: int) -> str:
        return f"M.{_KINDS[kind]}s" if self.theory.is_isotope else "M.labels"

    def one_to_one(self, kind: int) -> str:
        return "M.distinct" if self.theory.is_homotope else super().one_to_one(kind)

    def cancel(self, place: int) -> str:
        return "M.G.cancel_right" if place == 0 else "M.G.cancel_left"

    def quotient(self, place: int, known: str, product: str) -> tuple[str, str]:
        if place == 0:
            return f"M.G.over {product} {known}", f"M.G.over_times {product} {known}"
        return f"M.G.under {known} {product}", f"M.G.times_under {known} {product}"

    def units(self, x: str) -> list[str]:
        return [f"(M.G.one_left {x})", f"(M.G.one_right {x})"]

    def inverse(self, x: str) -> tuple[str, list[str]]:
        return f"M.G.inv {x}", [f"M.G.inv_right {x}", f"M.G.inv_left {x}"]

    def law(self, k: int) -> str:
        return "(fun x y z => (M.G.assoc x y z).symm)"  # the only law of a group


class LawModel(Model):
    """The elements of a finite set with an operation that has laws and conditions."""

    carrier, op, unit = "M.T", "M.op", "M.e"

    def label(self, kind: int, a: int | str) -> str:
        return f"(M.f {a})"

    def bijective(self, kind: int) -> str:
        return "M.labels"

    @property
    def associative(self) -> str:
        associative = _checker.ASSOCIATIVE
        if associative in self.theory.laws:
            k = self.theory.laws.index(associative)
            return f"(fun x y z => (M.law_{k} x y z).symm)"
        return f"M.law_{self.theory.laws.index(associative[::-1])}"

    def cancel(self, place: int) -> str:
        return "M.right" if place == 0 else "M.left"

    def quotient(self, place: int, known: str, product: str) -> tuple[str, str]:
        translated = f"M.op x {known}" if place == 0 else f"M.op {known} x"
        one = f"(fun x y k => {self.cancel(place)} {known} x y k)"
        exists = f"(onto M.labels (fun x => {translated}) {one} {product})"
        return f"Classical.choose {exists}", f"Classical.choose_spec {exists}"

    def units(self, x: str) -> list[str]:
        return [f"(M.is_unit {x}).1", f"(M.is_unit {x}).2"]

    def inverse(self, x: str) -> tuple[str, list[str]]:
        exists = f"(M.has_inverse {x})"
        spec = f"(Classical.choose_spec {exists})"
        return f"Classical.choose {exists}", [f"{spec}.1", f"{spec}.2"]

    def law(self, k: int) -> str:
        return f"M.law_{k}"

    @property
    def hypotheses(self) -> dict[str, str]:
        """The laws and conditions, by what they are called."""
        found = {}
        for k, ((left, right), (count, _, _)) in enumerate(
            zip(self.theory.laws, self.theory.compiled, strict=True)
        ):
            variables = " ".join(VARIABLES[:count])
            found[f"law_{k}"] = f"∀ {variables} : T, {formula(left)} = {formula(right)}"
        for condition, (name, text) in _CONDITIONS.items():
            if condition in self.theory.conditions:
                found[name] = text
        return found

    def structure(self, cells: str) -> str:
        """Return the definition of the structure of all models, and of what follows at once."""
        name, has = self.name, self.hypotheses
        lines = [
            f"structure {name} where", "  T : Type", "  op : T → T → T", "  f : Nat → T",
            *(f"  {key} : {text}" for key, text in has.items()),
            f"  labels : Bijective {self.order} f", f"  given : Holds op f f f {cells}", "",
        ]  # fmt: skip
        if "inverses" in has:
            lines += [
                f"noncomputable def {name}.e (M : {name}) : M.T := Classical.choose M.inverses",
                f"theorem {name}.is_unit (M : {name}) (x : M.T) :",
                "    M.op M.e x = x ∧ M.op x M.e = x :=",
                "  (Classical.choose_spec M.inverses).1 x",
                f"theorem {name}.has_inverse (M : {name}) (x : M.T) :",
                "    ∃ y, M.op x y = M.e ∧ M.op y x = M.e :=",
                "  (Classical.choose_spec M.inverses).2 x", "",
            ]  # fmt: skip
        elif "unit" in has:
            lines += [
                f"noncomputable def {name}.e (M : {name}) : M.T := Classical.choose M.unit",
                f"theorem {name}.is_unit (M : {name}) (x : M.T) :",
                "    M.op M.e x = x ∧ M.op x M.e = x :=",
                "  Classical.choose_spec M.unit x", "",
            ]  # fmt: skip
        return "\n".join(lines)


def model_of(theory: Any, order: int, cells: str, gauge: Sequence[int]) -> Model:
    """Return the model of a theory.

    Args:
        theory: The theory, as the checker reads it.
        order: How many labels there are.
        cells: What the list of given cells is called.
        gauge: The gauge of an isotope or homotope.
    """
    if theory.is_plain:
        return GroupModel(theory, order, cells, gauge)
    return LawModel(theory, order, "Model", cells)
