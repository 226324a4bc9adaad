import io
import random

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table
from cayley.tables.formats.programs import _tptp

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


# Models with so many equations that they are read by columns.
ORDER = 17


def big_model(style, rng=None, order=ORDER):
    """Return the addition modulo an order as a model finder prints it, and its labels."""
    rng = rng or random.Random(0)
    element = {"paradox": '"{}"', "vampire": "fmb_$i_{}", "infix": "e{}", "quoted": "'{}'"}[style]
    product = "{} * {}" if style == "infix" else rng.choice(("op({},{})", "op( {} ,\n {} )"))
    names = [element.format(i) for i in range(order)]
    cells = [(i, j) for i in range(order) for j in range(order)]
    rng.shuffle(cells)
    equations = [
        product.format(names[i], names[j]) + rng.choice(("=", " = ", "\n="))
        + names[(i + j) % order]
        for i, j in cells
    ]  # fmt: skip
    if rng.random() < 0.5:
        equations = [f"({each})" for each in equations]
    body = rng.choice((" & ", "\n  & ", "&", " &\r\n ")).join(equations)
    domain = " | ".join(f"X = {name}" for name in names)
    text = (
        f"% a model\nfof(d, fi_domain, ( ! [X] : ( {domain} ) ) ).\n"
        f"fof(f, fi_functors, ( {body} ) ).\n% end\n"
    )
    return text, [name.strip("\"'") for name in names]


@pytest.mark.parametrize("style", ["paradox", "vampire", "infix", "quoted"])
def test_large_models_are_read_by_columns_as_they_are_one_by_one(style, monkeypatch):
    for seed in range(6):
        text, labels = big_model(style, random.Random(seed))
        truth = [[(i + j) % ORDER for j in range(ORDER)] for i in range(ORDER)]
        by_columns = read(text)
        assert by_columns == Table.from_array(truth, labels=labels)
        with monkeypatch.context() as patch:
            patch.setattr(_tptp, "_uniform_products", lambda *_: None)
            assert read(text) == by_columns


def test_large_models_are_not_read_one_by_one(monkeypatch):
    monkeypatch.setattr(_tptp, "_products", None)
    text, _ = big_model("vampire")
    assert read(text).num_observed == ORDER**2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("op(e3,e4)", "op(X,e4)"), "line 10, column 4: X is a variable"),
        (lambda text: text.replace("op(e3,e4)", "up(e3,e4)"), "'op' in line 3, 'up' in line 10"),
        (lambda text: text.replace("op(e3,e4)=e7", "op(e3,e3)=e7"), "line 10: contradicts line 9"),
        (
            lambda text: text.replace("op(e3,e4)=e7", "op(e3,e4)=f7"),
            "line 10: `f7` is none of the declared labels",
        ),
    ],
)
def test_what_is_wrong_in_a_large_model_is_named_with_its_line(change, message):
    def row(i):
        return "\n & ".join(f"op(e{i},e{j})=e{(i + j) % ORDER}" for j in range(ORDER))

    body = "\n & ".join(row(i) if i == 3 else row(i).replace("\n", "") for i in range(ORDER))
    domain = " | ".join(f"X = e{i}" for i in range(ORDER))
    text = f"fof(d, fi_domain, ![X] : ({domain})).\nfof(f, fi_functors,\n   {body}).\n"
    assert read(text).num_observed == ORDER**2
    with pytest.raises(TableFormatError, match=message):
        read(change(text), format="tptp")


def test_short_formulas_cost_no_regular_expression_each(monkeypatch):
    # A file may have a million of them, each of another function.
    text = "".join(f"fof(a{i}, axiom, f{i}(a, b) = c).\n" for i in range(2000))
    with pytest.raises(TableFormatError) as refused, monkeypatch.context() as patch:
        patch.setattr(_tptp.re, "compile", None)
        read(text, format="tptp")
    assert "2000 binary functions" in str(refused.value)
