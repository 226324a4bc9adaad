import pytest

from cayley._errors import UnknownLabelError
from cayley.next_cell._dialogue import Dialogue
from cayley.tables import Table, generate_family


def empty(labels):
    return Table.from_triples([], labels=labels)


def test_answers_lead_to_a_determined_table():
    truth = generate_family("S3")
    dialogue = Dialogue(empty(truth.rows), assume="group")
    while dialogue.advice.questions:
        question = dialogue.advice.questions[0]
        dialogue.answer(truth[question.row, question.column])
    assert dialogue.num_answers == dialogue.table.num_observed < 6
    assert "force all others" in dialogue.advice.message


def test_undo_goes_back_to_the_question():
    dialogue = Dialogue(empty("abcd"), assume="group")
    first = dialogue.advice.questions[0]
    dialogue.answer("b")
    dialogue.skip()
    assert dialogue.num_answers == 2
    assert dialogue.undo()
    assert dialogue.undo()
    assert dialogue.advice.questions[0] == first
    assert dialogue.table == empty("abcd")
    assert not dialogue.undo()


def test_a_skipped_cell_is_not_asked_for_again():
    dialogue = Dialogue(empty("abcd"), assume="group")
    skipped = str(dialogue.advice.questions[0])
    dialogue.skip()
    assert str(dialogue.advice.questions[0]) != skipped


def test_an_unknown_answer_changes_nothing():
    dialogue = Dialogue(empty(["C3", "C6"]), assume="group")
    with pytest.raises(UnknownLabelError, match=r"'c3' is no symbol.*'C3'"):
        dialogue.answer("c3")
    assert dialogue.num_answers == 0


def test_repeated_answers_are_kept_where_they_may_be_wrong():
    dialogue = Dialogue(empty("abcd"), assume="group", wrong_rate=0.1)
    dialogue.answer("a")
    dialogue.answer("b")
    assert len(dialogue.table.repeats) == 1
    assert dialogue.believed.num_observed == 1
    assert len(dialogue.believed.repeats) == 0
