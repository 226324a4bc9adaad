import numpy as np
import pytest

from cayley.completion import solve
from cayley.studio.answers._cell_reasons import reason_for
from cayley.studio.answers._thinking import first_look, look_further, questions_about, theories_of
from cayley.studio.answers._thoughts import headline, thought_of
from cayley.tables import Table, add_noise, generate_family, isotope, mask

HALF = mask(generate_family("S3"), observe=0.5, seed=0)
OR = Table.from_array([["F", "T"], ["T", None]], labels="FT")


@pytest.mark.parametrize(
    "table",
    [
        HALF,
        mask(generate_family("D24"), observe=0.1, seed=0),
        generate_family("Q8"),
        isotope(mask(generate_family("C11"), observe=0.5, seed=1), seed=2),
    ],
    ids=["S3", "D24", "Q8", "isotope"],
)
def test_a_first_look_that_settles_says_what_solve_says(table) -> None:
    found, settled = first_look(table, "auto")
    whole = solve(table, solver="exact")
    assert settled
    assert found.verdict == whole.verdict
    assert (found.table.array == whole.table.array).all()
    assert (found.provenance == whole.provenance).all()


@pytest.mark.parametrize("assume", ["group", "quasigroup", "x*y = y*x", "none"])
def test_a_first_look_never_forces_what_solve_does_not(assume) -> None:
    table = mask(generate_family("C6"), observe=0.3, seed=3)
    found, _ = first_look(table, assume)
    whole = solve(table, assume=assume, solver="exact")
    forced = found.provenance == 1
    assert (found.table.array == whole.table.array)[forced].all()
    assert not forced.any() or assume != "none"


def test_what_takes_longer_is_left_for_later() -> None:
    wrong = add_noise(mask(generate_family("C6"), observe=0.8, seed=0), noise=0.04, seed=1)
    found, settled = first_look(wrong, "auto")
    assert not settled
    assert not found.suspects
    answer = next(look_further(wrong, "auto", settled=False))
    assert answer["part"] == "answer" and answer["settled"]
    ((suspect,), truth) = answer["suspects"], generate_family("C6").array
    a, b = suspect["cell"]
    assert suspect["given"] == wrong.array[a, b]
    assert suspect["expected"] == truth[a, b] != suspect["given"]


def test_parts_come_in_order_and_the_answer_only_where_it_is_open() -> None:
    assert [part["part"] for part in look_further(HALF, "auto", settled=True)] == [
        "next", "theories",
    ]  # fmt: skip


def test_other_shapes_are_left_to_the_long_look() -> None:
    block = Table(rows="ab", columns="abc", symbols="abc", array=[[0, 1, 2], [1, -1, 0]])
    assert first_look(block, "auto") == (None, False)
    answer = next(look_further(block, "auto", settled=False))
    assert len(answer["cells"]) == len(answer["kinds"])


def test_elements_cannot_be_asked_of_three_alphabets() -> None:
    table = isotope(HALF, seed=0)
    with pytest.raises(ValueError, match="needs one alphabet"):
        first_look(table, "semigroup")


def test_a_thought_is_in_places_of_the_table_as_given() -> None:
    labels = ["z", "a", "m"]
    shuffled = Table(
        rows=labels, columns=labels[::-1], symbols="amz", array=[[1, 0, 2], [-1, 1, 0], [-1, -1, 1]]
    )
    found = thought_of(solve(shuffled, assume="group"), settled=True)
    assert np.shape(found["cells"]) == np.shape(found["kinds"]) == (3, 3)
    for a, b, values in found["possible"]:
        assert shuffled.array[a, b] == -1 and len(values) > 1


def test_a_contradiction_names_cells_that_are_given() -> None:
    table = Table.from_array([[0, 1], [0, 1]])
    found = thought_of(solve(table, assume="group"), settled=True)
    assert found["status"] == "inconsistent"
    assert found["headline"] == "These cells fit no group"
    assert found["conflict"]
    assert all(table.array[a, b] >= 0 for a, b in found["conflict"])
    refuted = [each for each in found["theories"] if each["standing"] == "refuted"]
    assert refuted[0]["theory"] == "group" and refuted[0]["why"]


def test_rivals_are_listed_with_the_cells_that_differ() -> None:
    solution = solve(OR)
    found = thought_of(solution, settled=True)
    (rival,) = found["rivals"]
    assert [rival["theory"], rival["cells"]] == ["band", [[1, 1, 1]]]
    assert found["cells"][1][1] == 0
    assert {each["theory"]: each["standing"] for each in found["theories"]}["group"] == "supposed"


@pytest.mark.parametrize(
    ("table", "assume", "words"),
    [
        (HALF, "auto", "The group S3"),
        (OR, "auto", "Perhaps the group C2"),
        (generate_family("mod11:a-b"), "auto", "An isotope of C11"),
        (OR, "none", "Not settled yet"),
        (Table.from_array([[0, 0], [1, 0]]), "auto", "A magma"),
        (OR, "semilattice", "A semilattice"),
    ],
)
def test_headlines(table, assume, words) -> None:
    assert headline(solve(table, assume=assume, solver="exact")) == words


def test_labels_in_sentences_lose_what_turns_text_around() -> None:
    table = Table.from_array([[0, 1], [1, -1]], labels=["\u202e<b>", "a\x00"])
    text = str(thought_of(solve(table), settled=True)["theories"]) + str(
        questions_about(table, "auto")
    )
    assert "\u202e" not in text and "\x00" not in text


def test_questions_are_open_cells_or_there_is_a_reason() -> None:
    found = questions_about(OR, "auto")
    assert [each["cell"] for each in found["questions"]] == [[1, 1]]
    assert questions_about(generate_family("C3"), "auto")["message"]
    contradictory = questions_about(Table.from_array([[0, 1], [0, -1]]), "group")
    assert contradictory["questions"] == [] and contradictory["message"]


def test_theories_stand_or_are_refuted_with_their_cells() -> None:
    found = {each["theory"]: each for each in theories_of(HALF)}
    assert found["abelian group"]["standing"] == "refuted"
    cells = found["abelian group"]["cells"]
    assert cells and all(HALF.array[a, b] >= 0 for a, b in cells)
    full = {each["theory"]: each["standing"] for each in theories_of(generate_family("C3"))}
    assert full["abelian group"] == "holds" and full["band"] == "refuted"
    assert theories_of(isotope(HALF, seed=0)) == []
    twice = Table.from_triples([("a", "a", "a"), ("a", "a", "b")], labels="ab")
    assert theories_of(twice) == []


def test_a_reason_rests_on_given_cells_that_force_it_alone() -> None:
    solution = solve(HALF, assume="group", solver="exact")
    tried = 0
    for a, b in np.argwhere(HALF.array < 0).tolist():
        found = reason_for(solution, a, b)
        if not found["from"]:
            continue
        tried += 1
        kept = np.full_like(HALF.array, -1)
        for x, y in found["from"]:
            assert HALF.array[x, y] >= 0
            kept[x, y] = HALF.array[x, y]
        # the same deduction from those cells only
        again, _ = first_look(HALF.with_array(kept), "group")
        assert again.table.array[a, b] == solution.table.array[a, b]
        assert again.provenance[a, b] == 1
        assert found["steps"] or found["more"] == 0
    assert tried > 10


def test_reasons_are_given_in_the_order_of_the_table() -> None:
    labels = ["z", "a", "m"]
    cyclic = generate_family("C3").array
    columns = [2, 0, 1]
    table = Table(
        rows=labels, columns=[labels[c] for c in columns], symbols=labels,
        array=np.where([[0, 0, 0], [0, 0, 0], [0, 1, 0]], -1, cyclic[:, columns]),
    )  # fmt: skip
    found = reason_for(solve(table, assume="quasigroup"), 2, 1)
    assert found["from"]
    assert all(table.array[a, b] >= 0 for a, b in found["from"])
    assert found["steps"][0].startswith("m ∘ z = m")
