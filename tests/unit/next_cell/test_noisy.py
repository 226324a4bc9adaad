import itertools

import numpy as np
import pytest

from cayley.next_cell._next_cells import advise
from cayley.next_cell._noisy import believed, check_wrong_rate
from cayley.tables import Table, generate_family


def table_of(answers, n=3):
    return Table.from_triples(
        [tuple(map(str, each)) for each in answers], labels=[str(i) for i in range(n)]
    )


@pytest.mark.parametrize("answers", list(itertools.product(range(3), repeat=4)))
def test_doubt_is_that_of_bayes_rule(answers):
    rate = 0.2
    belief = believed(table_of([(0, 1, c) for c in answers]), rate)
    likelihood = [
        np.prod([1 - rate if c == each else rate / 2 for each in answers]) for c in range(3)
    ]
    best = int(belief.table.array[0, 1])
    assert likelihood[best] == max(likelihood)
    assert belief.doubt[0, 1] == pytest.approx(1 - max(likelihood) / sum(likelihood))
    assert belief.posterior == pytest.approx(1 - belief.doubt[0, 1])
    assert belief.counts.sum() == 4


def test_a_cell_is_asked_again_until_two_answers_agree():
    table = Table.from_triples([("1", "1", "2")], labels=[str(i) for i in range(24)])
    advice = advise(table, assume="group", wrong_rate=0.1)
    assert (advice.questions[0].row, advice.questions[0].column) == ("1", "1")
    assert "asked again" in advice.questions[0].why
    assert "posterior 0.9000" in advice.posterior
    twice = Table.from_triples([("1", "1", "2")] * 2, labels=[str(i) for i in range(24)])
    question = advise(twice, assume="group", wrong_rate=0.1).questions[0]
    assert (question.row, question.column) != ("1", "1")


def test_contradicting_answers_are_asked_again():
    # x o x = x for two elements, each seen three times: one must be wrong all the same
    answers = [("0", "0", "0")] * 3 + [("1", "1", "1")] * 3
    advice = advise(Table.from_triples(answers, labels="0123"), assume="group", wrong_rate=0.1)
    assert advice.questions[0].row == advice.questions[0].column
    assert advice.questions[0].row in "01"


def test_nothing_is_left_when_the_posterior_is_high_enough():
    c3 = generate_family("C3")
    triples = list(c3.triples())
    advice = advise(Table.from_triples(triples * 3, labels=c3.rows), assume="group", wrong_rate=0.1)
    assert not advice.questions
    assert "posterior 0.99" in advice.message
    once = advise(Table.from_triples(triples, labels=c3.rows), assume="group", wrong_rate=0.1)
    assert once.questions


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((0.7, 0.1, "group"), "`wrong_rate`"), ((0.1, 0.0, "group"), "`delta`"),
     ((0.1, 0.1, "auto"), "needs a theory")],
)  # fmt: skip
def test_arguments_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_wrong_rate(*arguments)
