"""What a person asked for by ``assume``, as hypotheses about the operation."""

from typing import TYPE_CHECKING

from cayley.algebra import Structure
from cayley.completion._findings import ASSUMABLE, Hypothesis

if TYPE_CHECKING:
    from cayley.theories import Theory

__all__ = ["asked_for", "needs_one_alphabet"]


def asked_for(
    assume: "Structure | Theory | str",
) -> "tuple[Hypothesis | str, tuple[Hypothesis, ...]]":
    """Return what was asked for, and the hypotheses that it means; none for "auto" and "none".

    A name such as "quandle" means two, left and right.

    Raises:
        ValueError: If a text is no such word, no name of a theory and no identities.
    """
    if assume in ("auto", "none"):
        return str(assume), ()
    if isinstance(assume, str):
        try:
            structure = Structure(assume)
        except ValueError:
            structure = Structure.MAGMA
        if structure in ASSUMABLE:
            return structure, (structure,)
        # both only where something else than a group or an isotope is asked for
        from cayley.completion._further import HOMOTOPE, POLYNOMIAL
        from cayley.theories.laws._catalog import readings

        further = {"homotope": HOMOTOPE, HOMOTOPE.name: HOMOTOPE, "polynomial": POLYNOMIAL}
        if str(assume).lower() in further:
            theory = further[str(assume).lower()]
            return theory, (theory,)
        try:
            theories = readings(str(assume))
        except ValueError as error:
            raise ValueError(
                f"`assume` must be auto, none, isotope, homotope, polynomial or a theory.\n{error}"
            ) from None
        return (theories[0] if len(theories) == 1 else str(assume)), theories
    return assume, (assume,)


def needs_one_alphabet(hypothesis: "Hypothesis") -> bool:
    """Whether rows, columns and symbols have to be the same elements for it to have a meaning."""
    if isinstance(hypothesis, Structure):
        return hypothesis is Structure.GROUP
    # rows and columns without repeats mean the same whatever the labels are
    return (
        bool(hypothesis.laws)
        or hypothesis.name == "polynomial"
        or not all("cancellation" in condition for condition in hypothesis.conditions)
    )
