"""Compares explanations of one table across theories: which leaves fewest cells wrong, and ties.

The rules, in the order in which they count:

1. What the user gave as a theory is compared with nothing but other given theories.
2. A theory that is earned and leaves no cell wrong is heard before any that accuses cells. There is
   one exception: a theory with few suspects that explains much more (by six digits of chance) than
   each of these, as a cyclic group with a wrong square explains more than "commutative".
3. An earned theory that accuses at most a tenth of the cells is heard before one that is only
   supposed and accuses none; one that accuses more is heard after it.
4. Of those that are heard together the one with fewest suspects is best.
5. A tie, or a rival with one suspect more, is said and not decided. A number of suspects that is
   not proved to be the least decides nothing either.

No rule looks at the order of explanations, of lines or of labels, or at a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["StandingExplanation", "Weighed", "weigh"]

_SHARE = 0.1
"""The part of the given cells beyond which a theory accuses too many to be heard before one that
accuses none. Octonions at 40 % agree with an isotope of C2 x Q8 in 87 cells of 100."""
_DIGITS = 6.0
"""By how many digits of chance a theory with suspects has to explain more than one without: the
odds at which a theory is earned."""
_RANKS = {"given": 0, "earned": 1, "supposed": 2}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StandingExplanation:
    """What one theory makes of a table.

    Attributes:
        name: The theory, such as ``"isotope of a group"`` or ``"Moufang loop"``.
        table: Products, shape ``(n, n)``, int64, -1 where it leaves a cell open.
        suspects: The given cells that it contradicts, as (row, column) or (row, column, symbol).
        num_given: How many cells were given.
        standing: Whether the theory was given, earned or is only supposed.
        is_exact: Whether it is proved that no table with the theory has fewer suspects.
        log10_chance: Logarithm of a bound on the chance of so much agreement, the choice of the
            suspects included; 0 where it was not weighed.
    """

    name: str
    table: Int[NDArray[Any], "n n"]
    suspects: tuple[tuple[int, ...], ...]
    num_given: int
    standing: Literal["given", "earned", "supposed"]
    is_exact: bool = True
    log10_chance: float = 0.0

    @property
    def num_suspects(self) -> int:
        """The number of cells that it contradicts."""
        return len(self.suspects)

    @property
    def accuses_many(self) -> bool:
        """Whether it contradicts more than a tenth of the given cells."""
        return self.num_suspects > _SHARE * self.num_given

    def differs(self, other: "StandingExplanation") -> bool:
        """Return whether the two accuse different cells, or differ in a cell that both fill."""
        both = (self.table >= 0) & (other.table >= 0)
        is_other = bool((self.table != other.table)[both].any())
        return is_other or set(self.suspects) != set(other.suspects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Explanations in the order in which they are heard.

    Attributes:
        best: The best explanation; None where several are equally good, or there is none.
        tied: The equally good ones that differ, by name; empty if one is best.
        rivals: Those that differ from the best, or the tied ones, and leave at most one cell more
            wrong; by suspects, then by name.
        agreeing: Those that say the same as the best: same suspects, same cells where both fill
            them.
        others: All that remain, by suspects, then by name.
    """

    best: StandingExplanation | None
    tied: tuple[StandingExplanation, ...] = ()
    rivals: tuple[StandingExplanation, ...] = ()
    agreeing: tuple[StandingExplanation, ...] = ()
    others: tuple[StandingExplanation, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Whether the best may be stated without naming another one.

        If it accuses cells, no rival may be within one, and its number of suspects has to be proved
        least. If it accuses none, no other one that accuses none may stand as well as it does.
        """
        if self.best is None:
            return False
        if self.best.suspects:
            return not self.rivals and self.best.is_exact
        rank = _RANKS[self.best.standing]
        return all(each.suspects or _RANKS[each.standing] > rank for each in self.rivals)


def weigh(explanations: Iterable[StandingExplanation]) -> Weighed:
    """Compare explanations of one table; see the rules at the top of this file.

    Example:
        >>> import numpy as np
        >>> full = np.zeros((2, 2), int)
        >>> isotope = StandingExplanation(
        ...     name="isotope of a group", table=full, suspects=((0, 0),) * 13, num_given=103,
        ...     standing="earned",
        ... )
        >>> loop = StandingExplanation(
        ...     name="Moufang loop", table=full + 1, suspects=(), num_given=103, standing="supposed"
        ... )
        >>> weigh([isotope, loop]).best.name
        'Moufang loop'
    """
    everything = sorted(explanations, key=_by_name)
    given = [each for each in everything if each.standing == "given"]
    pool = given or everything
    if not pool:
        return Weighed(best=None)
    clean = [each for each in pool if not each.suspects and each.standing != "supposed"]

    def turn(each: StandingExplanation) -> int:
        """Return when an explanation is heard."""
        earned = each.standing != "supposed"
        if each.suspects and earned and not each.accuses_many:
            return 0 if _outweighs(each, clean) else 2
        if each.suspects:
            return 4 if earned else 5
        return 1 if earned else 3

    first = min(map(turn, pool))
    heard = [each for each in pool if turn(each) == first]
    fewest = min(each.num_suspects for each in heard)
    best = [each for each in heard if each.num_suspects == fewest]
    # Of several that say the same, the one that fills more says more, and then the likelier one.
    best.sort(key=_by_worth)
    leader = best[0]
    tied = tuple(sorted((x for x in best if x.differs(leader)), key=_by_name))
    said = (leader, *tied)
    rest = [each for each in everything if not any(each is x for x in said)]
    agreeing = tuple(each for each in rest if not tied and not each.differs(leader))
    rivals = tuple(
        each
        for each in rest
        if each.num_suspects <= fewest + 1 and all(each.differs(x) for x in said)
    )
    taken = {id(each) for each in (*said, *agreeing, *rivals)}
    return Weighed(
        best=None if tied else leader,
        tied=tuple(sorted(said, key=_by_name)) if tied else (),
        rivals=rivals,
        agreeing=agreeing,
        others=tuple(each for each in rest if id(each) not in taken),
    )


def _outweighs(accuser: StandingExplanation, clean: list[StandingExplanation]) -> bool:
    """Return whether there are earned theories without suspects that explain much less."""
    return bool(clean) and all(
        accuser.log10_chance <= each.log10_chance - _DIGITS for each in clean
    )


def _by_name(each: StandingExplanation) -> tuple[Any, ...]:
    return each.num_suspects, _RANKS[each.standing], each.name, each.table.tobytes()


def _by_worth(each: StandingExplanation) -> tuple[Any, ...]:
    filled = int((each.table >= 0).sum())
    return _RANKS[each.standing], -filled, each.log10_chance, _by_name(each)
