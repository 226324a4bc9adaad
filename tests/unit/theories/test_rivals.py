import numpy as np
import pytest

from cayley.theories._rivals import StandingExplanation, weigh

BASE = np.arange(16).reshape(4, 4) % 4


def explanation(name, wrong=0, *, standing="earned", changed=0, given=100, **more):
    """`changed` cells of the table are others, `wrong` given cells are accused."""
    table = BASE.copy()
    table.flat[:changed] = (table.flat[:changed] + 1) % 4
    return StandingExplanation(
        name=name,
        table=table,
        suspects=tuple((i // 4, i % 4, changed) for i in range(wrong)),
        num_given=given,
        standing=standing,
        **more,
    )


def names(explanations):
    return [each.name for each in explanations]


def test_the_fewest_suspects_win():
    """An isotope of C14 with one wrong cell is not the group C14 with 29."""
    weighed = weigh([
        explanation("group", 29, given=196, changed=3),
        explanation("isotope", 1, given=196),
    ])  # fmt: skip
    assert weighed.best.name == "isotope"
    assert weighed.is_decided
    assert names(weighed.others) == ["group"]


@pytest.mark.parametrize("standing", ["earned", "supposed"])
def test_a_theory_without_suspects_is_heard_before_a_tenth(standing):
    """Octonions: an isotope that leaves 13 of 103 wrong, and a loop that leaves none."""
    weighed = weigh([
        explanation("isotope", 13, given=103, changed=2, log10_chance=-60.0),
        explanation("Moufang loop", standing=standing, given=103),
    ])  # fmt: skip
    assert weighed.best.name == "Moufang loop"
    assert weighed.is_decided


def test_an_accusation_needs_that_no_earned_law_explains_the_cells():
    accuser = explanation("group", 3, changed=1)
    assert weigh([accuser, explanation("semilattice")]).best.name == "semilattice"
    # A theory that only stands is heard after an earned one with few suspects.
    supposed = explanation("semilattice", standing="supposed")
    assert weigh([accuser, supposed]).best.name == "group"


def test_a_law_that_explains_much_less_does_not_stop_an_accusation():
    law = explanation("commutative", log10_chance=-17.0)
    group = explanation("group", 3, changed=1, log10_chance=-23.0)
    assert weigh([law, group]).best.name == "group"
    little = explanation("group", 3, changed=1, log10_chance=-22.9)
    assert weigh([law, little]).best.name == "commutative"
    many = explanation("group", 11, changed=1, log10_chance=-80.0)
    assert weigh([law, many]).best.name == "commutative"


def test_a_tie_is_said_and_not_decided():
    one, other = explanation("group", 1), explanation("group", 1, changed=2)
    weighed = weigh([one, other, explanation("loop", 2, changed=3)])
    assert weighed.best is None
    assert len(weighed.tied) == 2
    assert names(weighed.rivals) == ["loop"]
    assert not weighed.is_decided


def test_a_rival_within_one_is_said_and_leaves_it_open():
    best = explanation("isotope", 2)
    for wrong, decided in ((3, False), (4, True)):
        weighed = weigh([explanation("group", wrong, changed=1), best])
        assert weighed.best is best
        assert weighed.is_decided == decided
        assert names(weighed.rivals) == ([] if decided else ["group"])
    supposed = explanation("loop", 1, changed=1, standing="supposed")
    assert names(weigh([best, supposed]).rivals) == ["loop"]
    assert not weigh([best, supposed]).is_decided


def test_a_number_that_is_not_proved_least_decides_nothing():
    assert not weigh([explanation("group", 2, is_exact=False)]).is_decided
    assert weigh([explanation("group", 2)]).is_decided
    assert weigh([explanation("group", is_exact=False)]).is_decided


def test_what_the_user_gave_is_compared_with_nothing_else():
    weighed = weigh([
        explanation("group", 3, standing="given"),
        explanation("semilattice", changed=2),
    ])  # fmt: skip
    assert weighed.best.name == "group"
    assert names(weighed.rivals) == ["semilattice"]
    assert not weighed.is_decided


def test_theories_that_stand_and_disagree_are_both_shown():
    """Boolean OR with a cell hidden: a group and a semilattice, both only supposed."""
    both = [
        explanation("group", standing="supposed", changed=1),
        explanation("semilattice", standing="supposed"),
    ]
    assert names(weigh(both).tied) == ["group", "semilattice"]
    earned = explanation("loop", changed=2)
    weighed = weigh([*both, earned])
    assert weighed.best is earned
    assert names(weighed.rivals) == ["group", "semilattice"]
    assert weighed.is_decided
    assert not weigh([earned, explanation("quandle")]).is_decided


def test_explanations_that_agree_are_no_rivals():
    part = explanation("quasigroup")
    open_ = part.table.copy()
    open_[2:] = -1
    part = StandingExplanation(
        name="quasigroup", table=open_, suspects=(), num_given=100, standing="earned"
    )
    weighed = weigh([part, explanation("group")])
    assert weighed.best.name == "group"
    assert names(weighed.agreeing) == ["quasigroup"]
    assert (weighed.tied, weighed.rivals) == ((), ())


def test_without_explanations_there_is_no_best():
    assert weigh([]).best is None
    assert not weigh([]).is_decided


def test_the_order_of_explanations_decides_nothing(rng):
    for _ in range(60):
        many = [
            explanation(
                f"t{i}",
                int(rng.choice([0, 0, 1, 2, 3, 12])),
                standing=str(rng.choice(["given", "earned", "supposed"], p=[0.1, 0.5, 0.4])),
                changed=int(rng.integers(3)),
                log10_chance=float(rng.choice([0.0, -8.0, -20.0])),
            )
            for i in range(5)
        ]
        weighed = weigh(many)
        again = weigh([many[i] for i in rng.permutation(5)])
        for one, other in ((weighed, again), (again, weighed)):
            assert one.best is other.best
            assert one.is_decided == other.is_decided
            for group in ("tied", "rivals", "agreeing", "others"):
                assert names(getattr(one, group)) == names(getattr(other, group))
        heard = [weighed.best] if weighed.best else list(weighed.tied)
        rest = (*weighed.rivals, *weighed.agreeing, *weighed.others)
        assert sorted(names((*heard, *rest))) == [f"t{i}" for i in range(5)]
