"""What a theorem about all tables of a theory begins with, and the lemmas that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cayley.completion.certificates._coq._lines import ProofText, listed
from cayley.completion.certificates._prefix_notation import VARIABLES, formula

__all__ = ["CHECKED", "NamedCells", "Setting", "setting_of"]

CHECKED = "vm_compute; reflexivity"
"""The script for what is decided by computing."""

NamedCells = tuple[str, Sequence[Sequence[int]]]
"""What a list of cells is called, and the cells."""

_CONDITIONS = {
    "left cancellation": "left_cancellation op",
    "right cancellation": "right_cancellation op",
    "unit": "has_unit op",
    "inverses": "has_inverses op",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """All tables of a theory with n labels.

    Attributes:
        theory: The theory, as the checker reads it.
        order: The number n.
        module: The part of the file that knows the theory.
        variables: What a theorem is about, with types.
        names: The same without types.
        hypotheses: What is supposed of them, by its name.
        has: What is said of a list of cells.
        lemmas: The lemma for cells that follow, and the one for a contradiction.
        before: What both take between n and the given cells.
        after: What both take between the lines and what is said of the given cells; the gauge is
            inserted.
        preamble: Definitions that the theorems need.
    """

    theory: Any
    order: int
    module: str = "Groups"
    variables: str
    names: str
    hypotheses: dict[str, str]
    has: str
    lemmas: tuple[str, str]
    before: str = ""
    after: str
    preamble: str = ""

    @property
    def given(self) -> str:
        """The names of variables and hypotheses, as a theorem takes them."""
        return " ".join([self.names, *self.hypotheses])

    def theorem(self, name: str, conclusion: str, script: str, keyword: str = "Theorem") -> str:
        """Return a theorem about all tables of the theory."""
        return "\n".join([
            f"{keyword} {name} : forall {self.variables},",
            *(f"  {text} ->" for text in self.hypotheses.values()), f"  {conclusion}.",
            f"Proof.\n  intros {self.given}. {script}\nQed.",
        ])  # fmt: skip

    def consequence(
        self,
        name: str,
        cells: NamedCells,
        proof: Sequence[list[Any]],
        gauge: Sequence[int],
        wanted: NamedCells | None = None,
        *,
        keyword: str = "Lemma",
    ) -> str:
        """Return the theorem that some cells force others, or that no table has them.

        Args:
            name: What the theorem is called.
            cells: The given cells.
            proof: The lines of the certificate.
            gauge: The gauge.
            wanted: The cells that follow; None if there is no such table.
            keyword: Whether it is a theorem or a lemma.
        """
        writer = ProofText(self.theory, self.order, cells[1], gauge)
        lines = writer.lines(iter(proof))
        places = [] if wanted is None else writer.wanted(wanted[1], lines)
        # The program takes one unit of fuel for each line, and one at the end of each list.
        named = f"({cells[0]})" if " " in cells[0] else cells[0]
        given = [self.lemmas[wanted is None], f"{self.order}", self.before, named]
        given += [f"lines_{name}", f"(N.to_nat {2 * writer.num_lines + 10})"]
        given += [self.after.format(*gauge), "Hcells"]
        script = f"apply ({' '.join(filter(None, given))}"
        written = [listed(f"lines_{name}", "line", lines)]
        if wanted is None:
            conclusion, script = "False", f"{script}); {CHECKED}."
        else:
            conclusion = f"{self.has} {wanted[0]}"
            written.append(listed(f"places_{name}", "positive", [f"{x}%positive" for x in places]))
            pairs = f"(combine places_{name} {wanted[0]})"
            script = (
                f"assert (E : map snd {pairs} = {wanted[0]}) by ({CHECKED}).\n"
                f"  rewrite <- E. {script} {pairs}); {CHECKED}."
            )
        conclusion = f"{self.has} {named} -> {conclusion}"
        return "\n".join([
            *written, self.theorem(name, conclusion, f"intros Hcells. {script}", keyword)
        ])  # fmt: skip


def setting_of(theory: Any, order: int, suffix: str) -> Setting:
    """Return what is said of all tables of a theory.

    Args:
        theory: The theory of a claim, as the checker reads it.
        order: How many labels there are.
        suffix: What the names of definitions end in.
    """
    if not theory.is_plain:
        return _of_laws(theory, order, suffix)
    if theory.is_homotope:
        return Setting(
            theory=theory,
            order=order,
            variables="(G : Group) (f g h : N -> elt G) (o : N -> N -> N)",
            names="G f g h o",
            hypotheses={"Ho": f"homotope {order} f g h o"},
            has="agrees o",
            lemmas=("forced_in_homotopes", "no_homotope"),
            after="G f g h o {0} {1} Ho",
        )
    if theory.is_isotope:
        return Setting(
            theory=theory,
            order=order,
            variables="(G : Group) (f g h : N -> elt G)",
            names="G f g h",
            hypotheses={f"H{x}": f"bijective {order} {x}" for x in "fgh"},
            has="has f g h",
            lemmas=("forced_in_isotopes", "no_isotope"),
            after="G f g h {0} {1} Hf Hg Hh",
        )
    return Setting(
        theory=theory,
        order=order,
        variables="(G : Group) (f : N -> elt G)",
        names="G f",
        hypotheses={"Hf": f"bijective {order} f"},
        has="has f f f",
        lemmas=("forced_in_groups", "no_group"),
        after="G f Hf",
    )


def _of_laws(theory: Any, order: int, suffix: str) -> Setting:
    """Return what is said of all operations with some laws and conditions."""
    laws = {
        f"L{k}": f"(forall {' '.join(VARIABLES[:count])} : T, {formula(left)} = {formula(right)})"
        for k, ((left, right), (count, _, _)) in enumerate(
            zip(theory.laws, theory.compiled, strict=True)
        )
    }
    conditions = {
        f"C{each.replace(' ', '_')}": text
        for each, text in _CONDITIONS.items()
        if each in theory.conditions
    }
    stated = laws | conditions
    model = f"model{suffix} T op {' '.join(stated)}".strip()
    return Setting(
        theory=theory,
        order=order,
        module="Laws",
        variables="(T : Type) (op : T -> T -> T) (f : N -> T)",
        names="T op f",
        hypotheses=stated | {"Hf": f"bijective {order} f"},
        has="has op f",
        lemmas=("forced_by_laws", "no_model"),
        before=f"theory{suffix}",
        after=f"T op f Hf ({model})",
        preamble="\n".join([_theory_text(theory, suffix), _model(theory, suffix, stated)]),
    )


def _theory_text(theory: Any, suffix: str) -> str:
    """Return the definition of the theory that the program reads."""
    laws = "; ".join(f"({_data(left)}, {_data(right)})" for left, right in theory.laws)
    flags = {
        "by_left": theory.left,
        "by_right": theory.right,
        "by_unit": theory.unit,
        "by_inverses": theory.inverses,
        "by_group": theory.is_group,
    }
    fields = "; ".join(f"{key} := {str(flag).lower()}" for key, flag in flags.items())
    return f"Definition theory{suffix} : theory := {{|\n  laws := [{laws}];\n  {fields} |}}."


def _data(term: Any) -> str:
    if isinstance(term, int):
        return f"V {term}"
    left, right = map(_data, term)
    return f"M ({left}) ({right})"


def _model(theory: Any, suffix: str, stated: dict[str, str]) -> str:
    """Return the lemma that laws and conditions are those that the program reads."""
    steps = []
    for k, (count, _, _) in enumerate(theory.compiled):
        at = " ".join(f"(v {i}%nat)" for i in range(count))
        steps.append(f"apply Forall_cons; [intros v; exact (L{k} {at})|].")
    goals = [f"{' '.join(steps)} apply Forall_nil."]
    for each in _CONDITIONS:
        kept = each in theory.conditions
        goals.append(f"intros _; exact C{each.replace(' ', '_')}." if kept else "discriminate.")
    if "inverses" in theory.conditions:
        goals[3] = "intros _; destruct Cinverses as [e [u _]]; exists e; exact u."
        goals[4] = "intros _; split; [reflexivity|exact Cinverses]."
    associative = [[0, [1, 2]], [[0, 1], 2]]
    if not theory.is_group:
        goals.append("discriminate.")
    elif associative in theory.laws:
        k = theory.laws.index(associative)
        goals.append(f"intros _ x y z; symmetry; exact (L{k} x y z).")
    else:
        k = theory.laws.index(associative[::-1])
        goals.append(f"intros _ x y z; exact (L{k} x y z).")
    hypotheses = "\n".join(f"  {text} ->" for text in stated.values())
    return "\n".join([
        f"Lemma model{suffix} : forall (T : Type) (op : T -> T -> T),", hypotheses,
        f"  models theory{suffix} op.",
        f"Proof.\n  intros T op {' '.join(stated)}.",
        f"  unfold models, theory{suffix}.",
        "  cbn [laws by_left by_right by_unit by_inverses by_group].",
        "  split; [|split; [|split; [|split; [|split]]]].",
        *(f"  - {goal}" for goal in goals), "Qed.",
    ])  # fmt: skip
