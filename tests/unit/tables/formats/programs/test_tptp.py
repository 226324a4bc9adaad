import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

PARADOX = """% SZS output start FiniteModel for problem.p
% domain size is 2
fof(domain, fi_domain,
  (![X] : (X = "1" | X = "2"))
).

fof(mult, fi_functors,
  (
    (mult("1","1") = "1") &
    (mult("1","2") = "2") &
    (mult("2","1") = "2") &
    (mult("2","2") = "1")
  )
).

fof(e, fi_functors,
  (
    (e = "1")
  )
).

fof(p, fi_predicates, ((p("1","2") <=> $true) & ~p("2","1"))).
% SZS output end FiniteModel for problem.p
"""
VAMPIRE = """tff(declare_$i,type,$i:$tType).
tff(declare_$i1,type,fmb_$i_1:$i).
tff(declare_$i2,type,fmb_$i_2:$i).
tff(finite_domain,axiom,
      ! [X:$i] : (
         X = fmb_$i_1 | X = fmb_$i_2
      ) ).
tff(distinct_domain,axiom,
         fmb_$i_1 != fmb_$i_2
).
tff(declare_op,type,op: ($i * $i) > $i).
tff(function_op,axiom,
           op(fmb_$i_1,fmb_$i_1) = fmb_$i_1
         & op(fmb_$i_1,fmb_$i_2) = fmb_$i_2
         & op(fmb_$i_2,fmb_$i_1) = fmb_$i_2
         & op(fmb_$i_2,fmb_$i_2) = fmb_$i_1
).
"""
INFIX = """fof(model, fi_domain, ( ! [X] : ( X = e1 | X = e2 ) ) ).
fof(model, fi_functors, ( e1*e1 = e1 & e1*e2 = e2 & e2*e1 = e2 & e2*e2 = e1 ) ).
"""
C2 = [[0, 1], [1, 0]]


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    ("text", "labels"),
    [(PARADOX, ("1", "2")), (VAMPIRE, ("fmb_$i_1", "fmb_$i_2")), (INFIX, ("e1", "e2"))],
)
def test_models_of_each_kind(text, labels):
    table = read(text)
    assert table == Table.from_array(C2, labels=labels)
    assert table.reading.format == "tptp"


def test_the_domain_gives_the_order_and_the_elements_that_never_occur():
    text = INFIX.replace("X = e1 | X = e2", "X = e2 | X = e3 | X = e1")
    assert read(text).rows == ("e2", "e3", "e1")
    assert read(text).num_observed == 4


def test_equations_may_be_missing():
    assert read(PARADOX.replace(' &\n    (mult("2","2") = "1")', ""))["2", "2"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            INFIX.replace("e2*e2 = e1", "e2+e2 = e1"),
            "2 binary functions: '\\*' in line 2, '\\+' in line 2",
        ),
        ("fof(a, axiom, f(X, e) = X).", "line 1, column 15: X is a variable"),
        ("fof(a, axiom, p(a)).", "no equations of a binary function"),
        (PARADOX.replace('"2","2"', '"2","1"'), "contradicts"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="tptp")
