"""Groups from relations, against GAP's numbers and SymPy's enumeration."""

import time

import pytest
from sympy.combinatorics.fp_groups import FpGroup
from sympy.combinatorics.free_groups import free_group

from cayley.algebra import Group, identify, short_presentation
from cayley.deduction.presentations._presented_group import presented_group
from cayley.deduction.presentations._read_presentation import (
    looks_like_presentation,
    read_presentation,
)
from cayley.tables import generate_family

GROUPS = {
    "a^4 = b^2 = (a b)^2 = 1": (8, 3),
    "< a, b | a^4, b^2, (ab)^2 >": (8, 3),
    "\u27e8r,s | r\u2075 = s\u00b2 = 1, srs = r\u207b\u00b9\u27e9": (10, 1),
    "i^2=j^2=k^2=ijk": (8, 4),
    "<a,b | a^4=e, b^2=a^2, a^b=a^-1>": (8, 4),
    "<a,b | a^2, b^3, (ab)^5>": (60, 5),
    "a b = b a, a^2 = b^3 = 1": (6, 2),
    "a^2 = b^3 = e\nab = ba": (6, 2),
    "s1^2=s2^2=s3^2=(s1s2)^3=(s2s3)^3=(s1s3)^2=1": (24, 12),
    "<a,b|aBAbA, bABaB>": (1, 1),
    "<x, y | x^3, y^2, [x,y]>": (6, 2),
    "< | >": (1, 1),
    "<a | a>": (1, 1),
    "< alpha, beta | alpha^2, beta^2, (alpha beta)^4 >": (8, 3),
}


@pytest.mark.parametrize("text", GROUPS)
def test_presented_groups_have_gaps_numbers(text):
    assert looks_like_presentation(text)[0] >= 0.7
    table = presented_group(read_presentation(text))
    assert identify(table).gap_id == GROUPS[text]


def test_elements_are_short_words_in_order_and_multiply():
    table = presented_group(read_presentation("<r, s | r^4, s^2, (rs)^2>"))
    assert table.rows == ("1", "r", "s", "r^2", "rs", "sr", "r^3", "r^2s")
    assert table["r", "s"] == "rs"
    assert table["s", "r"] == "sr"
    assert table["r^3", "r"] == "1"
    named = presented_group(read_presentation("<s1, s2 | s1^2, s2^2, (s1 s2)^3>"))
    assert "s1*s2" in named.rows


@pytest.mark.parametrize("name", ["S4", "Q16", "PSL(2,7)", "C3xS3", "A5"])
def test_short_presentations_define_the_group_they_came_from(name):
    group = Group.from_table(generate_family(name))
    table = presented_group(read_presentation(str(short_presentation(group))))
    assert identify(table).name == identify(group).name


def test_words_agree_with_sympy():
    _, a, b = free_group("a,b")
    for k, m, n in [(2, 3, 4), (3, 3, 2), (2, 5, 3), (2, 2, 9)]:
        oracle = FpGroup(a.group, [a**k, b**m, (a * b) ** n])
        table = presented_group(read_presentation(f"<a,b | a^{k}, b^{m}, (ab)^{n}>"))
        assert table.order == oracle.order()


def test_infinite_groups_are_refused_with_the_reason():
    for text in ("< x | >", "<a,b|a^2 b^2>", "a^2 = b^2 = c"):
        with pytest.raises(ValueError, match="infinite group: in its largest abelian quotient"):
            presented_group(read_presentation(text))
    with pytest.raises(ValueError, match=r"or one that is not enumerated within \d+ cosets. Raise"):
        presented_group(read_presentation("<a,b | a^2, b^2>"), max_order=100)
    with pytest.raises(ValueError, match="has order 60, over the limit of 59"):
        presented_group(read_presentation("<a,b | a^2, b^3, (ab)^5>"), max_order=59)


def test_hostile_relations_are_refused_at_once():
    word = "".join("ab"[int(bit)] for k in range(2000) for bit in f"{k:b}")
    with pytest.raises(
        ValueError, match=r"the relators have \d+ different parts; 1000 is the limit"
    ):
        presented_group(read_presentation(f"<a,b | {word[:15000]}, a^2, b^3>"))
    begin = time.process_time()
    with pytest.raises(ValueError, match="longer than the limit of 20000"):
        read_presentation("<ab, c | " + "abc" * 30_000 + ">")
    assert time.process_time() - begin < 1  # in proportion: it was quadratic
    assert looks_like_presentation("< a |" + " " * 60_000)[0] == 0
    assert looks_like_presentation("<" * 60_000)[0] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a|b>", "'b' in 'b' is no generator; they are a"),
        ("<a,a|a>", "name a generator twice"),
        ("A^2=a^3=1", "A may be the inverse of a or a generator: list the generators"),
        ("<a | a^(>", "is no word in the generators, at"),
        ("<a | (a>", "is no word in the generators"),
        ("<a | a^999999999999>", "longer than the limit of 20000"),
        ("<a | a" + ", a" * 100_000 + ">", "300007 characters; 200000 is the limit"),
        ("<a | " + "(" * 60 + "a" + ")" * 60 + ">", "nested deeper than 50"),
        ("<a | a2>", "A power is written a.2"),
        ("a^2 = = 1", "empty side"),
    ],
)
def test_refusals(text, message):
    with pytest.raises(ValueError, match=message):
        read_presentation(text)


@pytest.mark.parametrize(
    "text",
    ["e*a=a\na*a=e", "C3 * C3 = C3^2\nC3 * C3^2 = e", "a * b = c",
     "<html><body>", "a = (1 2 3)", ",e,a\ne,e,a", "x,y,z\n", "",
     "<table><tr><td>a|b</td></tr></table>", "table = [[0,1],[1,0]]", "M^2 and more"],
)  # fmt: skip
def test_tables_and_equations_are_no_presentations(text):
    assert looks_like_presentation(text)[0] == 0
