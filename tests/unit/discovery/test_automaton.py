import pytest

from cayley.discovery import Transitions
from cayley.discovery._automaton import automaton_monoids


def automaton(text):
    return Transitions.from_labels([tuple(each.split()) for each in text.split(",")])


CONTAINS = automaton("p a q,p b p,q a q,q b q")
PARITY = automaton("p a q,q a p,p b p,q b q")
# b after each a: star-free, not piecewise testable.
PAIRS = automaton("s a t,s b x,t a x,t b s,x a x,x b x")


@pytest.mark.parametrize(
    ("seen", "start", "accept", "order", "language"),
    [
        (CONTAINS, "p", ["q"], 2, ("piecewise testable", "star-free", "commutative")),
        (PARITY, "p", ["p"], 2, ("group language", "commutative")),
        (PAIRS, "s", ["s"], 6, ("star-free",)),
        (CONTAINS, "p", ["p", "q"], 1,
         ("piecewise testable", "star-free", "group language", "commutative")),
    ],
    ids=["contains a", "even", "(ab)*", "everything"],
)  # fmt: skip
def test_languages_by_their_syntactic_monoids(seen, start, accept, order, language):
    found = automaton_monoids(seen, start=start, accepting=accept)
    assert found.syntactic.table.order == order
    assert found.language == language


def test_the_brandt_monoid_of_pairs_has_its_egg_box():
    found = automaton_monoids(PAIRS, start="s", accepting=["s"])
    assert set(found.syntactic.table.rows) == {"1", "a", "b", "aa", "ab", "ba"}
    part = found.syntactic.inspection.parts["semigroup"]
    assert part["zero"] == "aa"
    assert sorted((len(box["cells"]), len(box["cells"][0])) for box in part["egg_boxes"]) == [
        (1, 1), (1, 1), (2, 2),
    ]  # fmt: skip


def test_without_a_language_there_is_the_transition_monoid_alone():
    found = automaton_monoids(PARITY)
    assert found.syntactic is None
    assert found.language == ()
    assert found.transition.inspection.identification.name == "C2"


def test_states_that_no_word_tells_apart_are_one():
    seen = automaton("p a q,q a r,r a p")
    found = automaton_monoids(seen, start="p", accepting=["p", "q", "r"])
    assert found.minimal == (("p", "q", "r"),)
    assert (found.transition.table.order, found.syntactic.table.order) == (3, 1)


def test_long_labels_are_written_apart_and_a_letter_may_be_called_one():
    found = automaton_monoids(automaton("p up q,q up r,r up r,p 1 p,q 1 q,r 1 r"))
    assert found.transition.table.rows == ("()", "up", "up up")


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("p a q", {}, "1 transitions are missing: q by a. An automaton needs all"),
        ("p a q,p a p,q a q", {}, "observation 2 takes p by a to p, an earlier one to q"),
        ("p a p", {"start": "p"}, "--start needs --accept"),
        ("p a p", {"accepting": ["p"]}, "--accept needs --start"),
        ("p a p", {"start": "x", "accepting": ["p"]}, "`x` is no state; the states are p"),
        ("p a q,q a p", {"max_order": 1}, "more than 1 elements; --max-order allows more"),
    ],
)
def test_what_is_no_automaton_is_refused(text, options, message):
    with pytest.raises(ValueError, match=message):
        automaton_monoids(automaton(text), **options)
