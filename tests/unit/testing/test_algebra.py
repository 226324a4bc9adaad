import pytest

from cayley.testing import (
    assert_group,
    assert_homomorphism,
    assert_isotopism,
    assert_latin_square,
)

XOR = [[0, 1], [1, 0]]
MINUS = [[0, 2, 1], [1, 0, 2], [2, 1, 0]]
SAME = [0, 1]


def test_true_statements_pass():
    assert_latin_square(MINUS)
    assert_group(XOR)
    assert_isotopism(
        MINUS, [[0, 1, 2], [1, 2, 0], [2, 0, 1]],
        rows=[0, 1, 2], columns=[0, 2, 1], symbols=[0, 1, 2],
    )  # fmt: skip
    assert_homomorphism(XOR, XOR, [0, 0])


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: assert_latin_square([[0, 0], [1, 1]]), "row 0"),
        (lambda: assert_latin_square([[0, 1], [0, 1]]), "column 0"),
        (lambda: assert_latin_square([[0, 1]]), "square"),
        (lambda: assert_latin_square([0, 1]), "two axes"),
        (lambda: assert_group(MINUS), "no identity"),
        (lambda: assert_homomorphism(XOR, XOR, [1, 1]), r"\(0, 0\)"),
        (
            lambda: assert_isotopism(XOR, XOR, rows=[0, 0], columns=SAME, symbols=SAME),
            "`rows` is no permutation",
        ),
        (
            lambda: assert_isotopism(XOR, XOR, rows=[1, 0], columns=SAME, symbols=SAME),
            r"\(0, 0\)",
        ),
    ],
)
def test_false_statements_fail_with_the_place(check, message):
    with pytest.raises(AssertionError, match=message):
        check()


def test_a_loop_that_is_no_group_fails_with_the_triple():
    loop = [
        [0, 1, 2, 3, 4],
        [1, 0, 3, 4, 2],
        [2, 4, 0, 1, 3],
        [3, 2, 4, 0, 1],
        [4, 3, 1, 2, 0],
    ]
    assert_latin_square(loop)
    with pytest.raises(AssertionError, match=r"\(ab\)c != a\(bc\)"):
        assert_group(loop)
