"""The checker is sound: whatever a proof adds is true of every table that it speaks of."""

import copy
import hashlib
import itertools
import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cayley import _checker as checker
from cayley.completion import solve
from oracles import labeled_groups

EQ = checker.EQ
X_YZ = [[0, [1, 2]], [[0, 1], 2]]
THEORIES = {
    "group": {"name": "group"},
    "isotope": {"name": "isotope of a group"},
    "homotope": {"name": "homotope of a group"},
    "quasigroup": {
        "name": "quasigroup",
        "laws": [],
        "conditions": ["left cancellation", "right cancellation"],
    },
    "semilattice": {
        "name": "semilattice",
        "laws": [X_YZ, [[0, 1], [1, 0]], [[0, 0], 0]],
        "conditions": [],
    },
    "unipotent": {"name": "unipotent", "laws": [[[0, 0], [1, 1]]], "conditions": []},
    "loop": {
        "name": "loop",
        "laws": [],
        "conditions": ["left cancellation", "right cancellation", "unit"],
    },
    "monoid": {"name": "monoid", "laws": [X_YZ], "conditions": ["unit"]},
}


def holds(table, law):
    """Whether a law holds, evaluated term by term."""

    def value(term, at):
        return at[term] if isinstance(term, int) else table[value(term[0], at), value(term[1], at)]

    n = len(table)
    return all(
        value(law[0], at) == value(law[1], at) for at in itertools.product(range(n), repeat=3)
    )


def magmas(n):
    for cells in itertools.product(range(n), repeat=n * n):
        yield np.array(cells).reshape(n, n)


def models(theory, n, cells, gauge):
    """Give every structure of a theory with the cells: its products, and the element of each name.

    Names are 0 for the unit (None without one) and the labels of each kind.
    """
    found = []
    if theory["name"] == "homotope of a group":
        return homotopes(n, cells, gauge)
    if theory["name"] == "isotope of a group":
        for group in labeled_groups(n)[:1] if n < 4 else labeled_groups(n):
            unit = next(e for e in range(n) if (group[e] == np.arange(n)).all())
            orders = list(itertools.permutations(range(n)))
            for f, g, h in itertools.product(orders, repeat=3):
                good = f[gauge[0]] == unit == g[gauge[1]]
                if good and all(group[f[a], g[b]] == h[c] for a, b, c in cells):
                    found.append((group, [unit, *f, *g, *h]))
        return found
    for table, unit in tables_of(theory["name"], n):
        if all(table[a, b] == c for a, b, c in cells):
            found.append((table, [unit, *range(n)]))
    return found


def homotopes(n, cells, gauge):
    """Give homotopes of groups with n to four elements: any rows and columns, distinct symbols."""
    found = []
    for order in range(n, 5 if n == 2 else 4):
        group = labeled_groups(order)[0]
        unit = next(e for e in range(order) if (group[e] == np.arange(order)).all())
        lines = list(itertools.product(range(order), repeat=n))
        for f, g in itertools.product(lines, repeat=2):
            products = set(group[np.ix_(f, g)].ravel().tolist())
            if f[gauge[0]] != unit or g[gauge[1]] != unit or len(products) > n:
                continue
            found += [
                (group, [unit, *f, *g, *h])
                for h in itertools.permutations(range(order), n)
                if products <= {*h} and all(group[f[a], g[b]] == h[c] for a, b, c in cells)
            ]
    return found


@cache
def tables_of(name, n):
    """Give every table of a theory of one alphabet, with its unit or None."""
    theory, everyone = THEORIES[name], np.arange(n)
    conditions = theory.get("conditions", ())
    found = []
    for table in labeled_groups(n) if name == "group" else magmas(n):
        rows = (np.sort(table, axis=1) == everyone).all()
        columns = (np.sort(table, axis=0) == everyone[:, None]).all()
        lacking = {"left cancellation": not rows, "right cancellation": not columns}
        if any(lacking.get(each) for each in conditions):
            continue
        units = [e for e in range(n) if (table[[e]] == everyone).all()]
        units = [e for e in units if (table[:, e] == everyone).all()]
        if "unit" in conditions and not units:
            continue
        if all(holds(table, law) for law in theory.get("laws", ())):
            found.append((table, units[0] if units else None))
    return found


def is_true(fact, products, elements):
    p, q, r = fact
    left = elements[p] if q == EQ else products[elements[p], elements[q]]
    return left == elements[r]


def random_line(rng, proof, n):
    """Give a line with arguments that are often, not always, in range."""
    fact = lambda: rng.randrange(-1, len(proof.facts) + 1)  # noqa: E731
    name = lambda: rng.randrange(-1, proof.names + 1)  # noqa: E731
    place = lambda: rng.randrange(3)  # noqa: E731
    facts = lambda count: [fact() for _ in range(count)]  # noqa: E731
    rule = rng.choice(list(checker.RULES))
    match rule:
        case "define":
            return [rule, name(), name(), name(), place()]
        case "inverse" | "unit":
            return [rule, name()]
        case "same":
            return [rule, fact(), fact(), place()]
        case "replace":
            return [rule, fact(), place(), fact()]
        case "law":
            k = rng.randrange(max(1, len(proof.theory.compiled)))
            variables, products, _ = (proof.theory.compiled or [(0, [], ())])[k]
            return [rule, k, [name() for _ in range(variables)], facts(len(products))]
        case "associate":
            return [rule, rng.randrange(4), *facts(3)]
        case "only":
            kept = rng.choice([-1, name()])
            return [rule, name(), name(), name(), place(), place(), kept, facts(n - (kept >= 0))]
        case "cases":
            return [rule, name(), rng.choice([EQ, name()]), place()]
        case "case":
            return [rule, name()]
        case "frame":
            return [rule, [name() for _ in range(n)], facts(n)]
        case "column":
            return [rule, name(), facts(n)]
        case "symbols":
            return [rule, facts(n)]
        case "end":
            return [rule]
        case _:
            return [rule, fact()]


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("name", THEORIES)
def test_random_proofs_state_only_what_is_true(name, n):
    if n == 3 and name in ("semilattice", "unipotent", "monoid"):
        n, tries = 2, 250  # there are 19,683 tables of order 3 to go through for each start
    else:
        tries = 300
    rng = random.Random(f"{name} {n}")
    theory = checker.Theory(THEORIES[name])
    accepted = refuted = 0
    for start in range(8):
        cells = [tuple(rng.randrange(n) for _ in range(3)) for _ in range(rng.randrange(1, 2 * n))]
        gauge = [rng.randrange(n), rng.randrange(n)]
        if start % 4:  # cells of some table: from random ones everything follows
            products, values = rng.choice(models(THEORIES[name], n, [], gauge))
            values, kinds = values[1:], 3 if len(values) > n + 1 else 1
            f, g, h = (
                (values[:n], values[n : 2 * n], values[2 * n :]) if kinds == 3 else [values] * 3
            )
            made = [(a, b, products[f[a], g[b]]) for a, b, _ in cells]
            cells = [(a, b, h.index(c)) for a, b, c in made if c in h]  # a homotope has more
        all_models = models(THEORIES[name], n, cells, gauge)
        proof = checker.Proof(theory, n, cells, gauge)
        proof.supposed = {}
        elements = [list(each) for _, each in all_models]
        for _ in range(tries):
            line = random_line(rng, proof, n)
            before, trial = proof.names, copied(proof)
            try:
                checker.need(not trial.refuted or line[0] in ("case", "end"), "as `run` demands")
                checker.RULES[line[0]](trial, *line[1:])
            except (checker.Refused, TypeError, KeyError, LookupError):
                continue
            num_facts, proof = len(proof.facts), trial
            accepted += 1
            if line[0] == "case":  # what a case supposes is its first fact
                proof.supposed |= {len(proof.scopes): len(proof.facts) - 1}
            proof.supposed = {k: i for k, i in proof.supposed.items() if k <= len(proof.scopes)}
            for (products, _), values in zip(all_models, elements, strict=True):
                del values[min(before, proof.names) :]
                if proof.names > before:  # the new name stands for what its fact says
                    p, q, r = proof.facts[-1]
                    new = before
                    good = [
                        x
                        for x in range(len(products))
                        if is_true((p, q, r), products, {**dict(enumerate(values)), new: x})
                    ]
                    assert len(good) == 1
                    values.append(good[0])
                check_facts(proof, products, values, since=num_facts)
            refuted += proof.refuted
    assert accepted > 30


def copied(proof):
    """Copy a proof: a rule that refuses may have changed it."""
    other = copy.copy(proof)
    other.facts, other.columns = list(proof.facts), dict(proof.columns)
    other.scopes = [(*scope[:3], set(scope[3]), *scope[4:]) for scope in proof.scopes]
    other.frame, other.symbols = dict(proof.frame), dict(proof.symbols)
    return other


def check_facts(proof, products, elements, *, since):
    """In a model in which all that is supposed is true, all new facts are."""
    if not all(is_true(proof.facts[i], products, elements) for i in proof.supposed.values()):
        return
    for fact in proof.facts[since:]:
        assert is_true(fact, products, elements), (fact, elements)
    assert not proof.refuted
    for q, column in proof.columns.items():
        names = {a: x for x, a in proof.frame.items()}
        for a, image in enumerate(column):
            assert is_true((names[a], q, names[image]), products, elements)


def document(cells=((0, 1, 1), (1, 0, 1), (1, 1, 0)), size=2):
    return solve(
        [[next((c for a, b, c in cells if (a, b) == (i, j)), -1) for j in range(size)]
         for i in range(size)],
        assume="group",
    ).certificate  # fmt: skip


def nested(depth, *, distinct=False):
    term = 0
    for i in range(depth):
        term = [term, 1 + i if distinct else 0]
    return [term, 0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.update(schema="cayley.certificate/2"), "schema"),
        (lambda d: d.update(more=1), "unexpected keyword argument 'more'"),
        (lambda d: d["claims"][0].update(more=1), "unexpected keyword argument 'more'"),
        (lambda d: d.update(claims=[]), "claims nothing"),
        (lambda d: d["claims"][0].update(claim="true"), "not understood"),
        (lambda d: d["cells"].append([0, 0, 1]), "other cells"),
        (lambda d: d["cells"].append([0, 0, 5]), "not in range"),
        (lambda d: d.update(rows=["a", "a"]), "label twice"),
        (lambda d: d.update(table=[[0, 1]]), "order 2 is missing"),
        (lambda d: d["claims"][1].update(proof=[["true"]]), "line 0"),
        (lambda d: d["claims"][1].update(proof=[["clash", 0]]), "line 0"),
        (lambda d: d["claims"][1].update(proof=[["cases", 0, 0, 0]]), "left open"),
        (lambda d: d["claims"][1].update(proof=[]), "does not follow"),
        (lambda d: d["claims"][1].update(theory={"name": "group", "laws": []}), "a theory is"),
        (lambda d: d["claims"][1].update(theory={"name": "loop"}), "a theory is"),
        (lambda d: d["claims"][1].update(proof=7), "not iterable"),
        (lambda d: d["claims"][1].pop("theory"), "not understood: 'NoneType'"),
        (lambda d: d["claims"].append([]), "not understood"),
        (lambda d: d["claims"][3].update(root=0), "or terms"),
        (
            lambda d: d["claims"].append({"claim": "polynomial", "modulus": 2, "monomials": []}),
            "zero",
        ),
        (lambda d: d["claims"].append(two_equal_tables(d)), "not two different tables"),
        (lambda d: d.update(rows=[0, 1]), "no text"),
        (lambda d: d.update(rows=["0"]), "not square"),
        (lambda d: d["claims"][0].update(claim="law", law=nested(5000)), "too deep"),
    ],
)
def test_what_is_not_understood_is_refused(change, reason):
    made = document()
    assert checker.check(made)
    change(made)
    with pytest.raises(checker.Refused, match=reason):
        checker.check(made)


def two_equal_tables(made):
    return {"claim": "not unique", "theory": {"name": "group"}, "tables": [made["table"]] * 2}


@pytest.mark.parametrize("made", [None, 3, [], {}, "text", {"schema": checker.SCHEMA}])
def test_what_is_no_certificate_is_refused(made):
    with pytest.raises(checker.Refused):
        checker.check(made)


def without_cells(table):
    labels = [*map(str, range(len(table)))]
    text = json.dumps([labels, labels, labels, []])
    return {
        "schema": checker.SCHEMA, "rows": labels, "columns": labels, "symbols": labels,
        "cells": [], "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "table": table, "claims": [],
    }  # fmt: skip


LOOP = [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]]
C5 = [[(a + b) % 5 for b in range(5)] for a in range(5)]
SAME = {"rows": [0, 1, 2, 3, 4], "columns": [0, 1, 2, 3, 4], "symbols": [0, 1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"claim": "isotope", "maps": {**SAME, "group": LOOP}}, "no group"),
        ({"claim": "isotope", "maps": {**SAME, "group": [[0] * 5] * 5}}, "no group"),
        ({"claim": "isotope", "maps": {**SAME, "group": C5}}, "no isotope of a group"),
        ({"claim": "law", "law": [[0, 2], [2, 0]]}, "variables are not 0.."),
        ({"claim": "law", "law": [0, [0, 2]]}, "variables are not 0.."),
        ({"claim": "law", "law": [0, nested(11, distinct=True)]}, "too many instances"),
        (
            {
                "claim": "inconsistent",
                "theory": {"name": "field", "laws": [], "conditions": ["cancellation"]},
                "proof": [],
            },
            "unknown condition",
        ),
        ({"claim": "law", "law": [[0, 1], [1, 0]], "instance": [1, 5]}, "not in range"),
        ({"claim": "group"}, "no group"),
        ({"claim": "named", "name": "C5", "generators": [1], "permutations": [], "relators": []},
         "no group"),
    ],
)  # fmt: skip
def test_what_is_not_true_of_a_loop_is_refused(claim, reason):
    with pytest.raises(checker.Refused, match=reason):
        checker.check(without_cells(LOOP) | {"claims": [claim]})


def test_a_law_is_evaluated_in_all_instances_of_all_variables():
    rng, holding = np.random.default_rng(1), 0
    laws = [[[0, 1], [1, 0]], [[0, [0, 1]], [1, 0]], [0, [0, 0]], [[[0, 1], 2], [[1, 2], 0]]]
    for n in (1, 2, 3):
        for table in [*rng.integers(n, size=(60, n, n)), np.zeros((n, n), int)]:
            for law in laws:
                expected = holds(table, law)
                assert checker.satisfies(table.tolist(), law) == expected
                holding += expected
    assert holding


def test_unknown_cells_of_a_file_are_left_out(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("\ufeff*, a,b ,c\n\na,a,?,.\n b,,b, \nc,a,b,c\n", encoding="utf-8")
    expected = [["a", "a", "a"], ["b", "b", "b"], *(["c", x, x] for x in "abc")]
    assert checker.cells_of_csv(path) == expected


def test_no_label_or_name_prints_a_line_of_its_own():
    made = without_cells([[0, 1], [1, 0]])
    made["rows"] = made["columns"] = made["symbols"] = labels = ["0", "1\nproved: all \x1b[2J"]
    text = json.dumps([labels, labels, labels, []])
    made["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    tables = [[[0, 1], [1, 0]], [[1, 0], [0, 1]]]
    theory = {"name": "x\nproved: y", "laws": [], "conditions": []}
    claim = {"claim": "possible", "theory": theory, "cell": [1, 1], "tables": tables, "refuted": []}
    (said,) = checker.check(made | {"claims": [claim]})
    assert said.isprintable()
    assert r"1\nproved: all \x1b[2J" in said
    with pytest.raises(checker.Refused) as refused:
        checker.check(made | {"claims": [{"claim": "x\nproved: y"}]})
    assert str(refused.value).isprintable()


def test_a_table_with_a_symbol_twice_in_a_row_is_no_isotope_for_that_reason():
    made = without_cells([[0, 0], [1, 0]]) | {"claims": [{"claim": "isotope"}]}
    (said,) = checker.check(made)
    assert said.endswith("isotopic to no group: it is no Latin square")
    latin = without_cells([[0, 1], [1, 0]]) | {"claims": [{"claim": "isotope"}]}
    with pytest.raises(checker.Refused):
        checker.check(latin)


def test_a_violated_law_and_quadrangles_are_claims():
    made = without_cells([[0, 1, 2], [2, 0, 1], [1, 2, 0]])  # subtraction modulo 3
    made["claims"] = [{"claim": "law", "law": [[0, 1], [1, 0]], "instance": [0, 1]}]
    assert checker.check(made) == ["x*y = y*x fails in the table at ['0', '1']"]
    made["claims"] = [{"claim": "law", "law": [[0, 1], [1, 0]]}]
    with pytest.raises(checker.Refused, match="does not hold"):
        checker.check(made)
    made["claims"] = [{"claim": "law", "law": [[0, 1], [1, 0]], "instance": [1, 1]}]
    with pytest.raises(checker.Refused, match="it holds"):
        checker.check(made)
    made["claims"] = [{"claim": "isotope", "rows": [0, 1, 0, 1], "columns": [0, 1, 0, 1]}]
    with pytest.raises(checker.Refused, match="quadrangles"):
        checker.check(made)


def test_it_stands_alone(tmp_path):
    made = document()
    (tmp_path / "certificate.json").write_text(json.dumps(made), encoding="utf-8")
    (tmp_path / "table.csv").write_text("*,0,1\n0,,1\n1,1,0\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("*,0,1\n0,0,1\n1,1,0\n", encoding="utf-8")
    for table, status in (("table.csv", 0), ("other.csv", 1), ("none.csv", 2)):
        done = subprocess.run(
            [sys.executable, "-I", checker.__file__, "certificate.json", table],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
    assert len(Path(checker.__file__).read_text(encoding="utf-8").splitlines()) <= 500


def test_rows_of_a_homotope_may_be_equal_and_elements_may_be_no_label():
    cells = [(0, 0, 0), (1, 0, 0), (0, 1, 1)]
    equal = [["same", 0, 1, 0], ["clash", 5]]
    for name, refused in (("isotope", False), ("homotope", True)):
        proof = checker.Proof(checker.Theory(THEORIES[name]), 2, cells, [0, 0])
        if refused:
            with pytest.raises(checker.Refused, match="line 1, clash: not two different labels"):
                proof.run(equal)
        else:
            assert proof.run(equal).refuted
    # Rows 1, 2, columns 3, 4 and symbols 5, 6: a product of a row and a column is a symbol.
    theory = checker.Theory(THEORIES["homotope"])
    checker.Proof(theory, 2, cells, [0, 0]).rule_cases(2, 4, 2)
    for p, q, kind in ((2, 4, 0), (4, 2, 2), (2, 2, 2), (5, 4, 2), (0, 4, 2), (2, EQ, 2)):
        with pytest.raises(checker.Refused, match="other elements"):
            checker.Proof(theory, 2, cells, [0, 0]).rule_cases(p, q, kind)
    for triple, place in (((0, 4, 5), 0), ((2, 0, 5), 1), ((5, 4, 0), 2)):
        with pytest.raises(checker.Refused, match="other elements"):
            checker.Proof(theory, 2, cells, [0, 0]).rule_only(*triple, place, 2, -1, [0, 2])
    with pytest.raises(checker.Refused, match="other elements"):
        checker.Proof(theory, 2, cells, [0, 0]).rule_frame([1, 2], [-1, -1])


def test_maps_of_an_isotope_are_bijections_to_a_group_of_its_order():
    same = {"rows": [0, 1], "columns": [0, 1], "symbols": [0, 1], "group": [[0, 1], [1, 0]]}
    assert checker.is_isotope([[0, 1], [1, 0]], same)
    in_c4 = {"group": [[(a + b) % 4 for b in range(4)] for a in range(4)]}
    in_c4 |= {key: [0, 2] for key in ("rows", "columns", "symbols")}
    constant, maps = [[0, 0], [0, 0]], {**same, "rows": [0, 0], "columns": [0, 0]}
    everywhere = {"group": [[0]], "rows": [0, 0], "columns": [0, 0], "symbols": [0, 0]}
    for table, wrong in ((constant, maps), (constant, everywhere), ([[0, 1], [1, 0]], in_c4)):
        assert checker.is_isotope(table, wrong, homotope=True)  # only that is true of it
        with pytest.raises(checker.Refused, match="one-to-one"):
            checker.is_isotope(table, wrong)


def test_associativity_gives_the_fourth_product_of_three_that_fit():
    cells = [(a, b, (a + b) % 3) for a in range(3) for b in range(3)]
    true, accepted = {(a + 1, b + 1, c + 1) for a, b, c in cells}, 0
    for which, *used in itertools.product(range(4), *[range(9)] * 3):
        proof = checker.Proof(checker.Theory(THEORIES["group"]), 3, cells, [0, 0])
        try:
            proof.rule_associate(which, *used)
        except checker.Refused:
            continue
        assert proof.facts[-1] in true
        accepted += 1
    assert accepted == 4 * 3**3  # a, b and v decide the other three


def test_maps_of_a_homotope_keep_symbols_apart():
    maps = {"rows": [0, 0], "columns": [0, 0], "symbols": [0, 0], "group": [[0, 1], [1, 0]]}
    assert checker.is_isotope([[0, 0], [0, 0]], maps, homotope=True)
    with pytest.raises(checker.Refused, match="kept apart"):
        checker.is_isotope([[0, 1], [0, 0]], maps, homotope=True)


def meets(choice, sets):
    return all(each & choice for each in sets)


def test_cells_are_accused_only_where_every_choice_says_so(monkeypatch):
    rng, accused, bounded = random.Random(4), 0, 0
    labels = list("abcdefg")
    made = {
        "schema": checker.SCHEMA, "rows": labels, "columns": labels, "symbols": labels,
        "cells": [[i, i, i] for i in range(7)], "claims": [{}],
    }  # fmt: skip
    named = json.dumps([labels, labels, labels, [[x, x, x] for x in labels]])
    made["sha256"] = hashlib.sha256(named.encode()).hexdigest()
    monkeypatch.setattr(checker.Certificate, "follows", lambda *_, **__: None)  # all is refuted
    for _ in range(3000):
        without = rng.sample(range(7), rng.randrange(1, 4))
        good = [i for i in range(7) if i not in without]
        # Some are made to accuse: each wrong cell with right ones, or with anything.
        sets = [
            [rng.choice(without), *rng.sample(good if rng.random() < 0.8 else range(7), 2)][
                : rng.choice((1, 2, 2, 3))
            ]
            for _ in range(rng.randrange(1, 9))
        ]
        claim = {"claim": "wrong", "theory": {"name": "isotope of a group"}, "without": without}
        choices = [
            set(choice)
            for size in range(len(without) + 1)
            for choice in itertools.combinations(range(7), size)
        ]
        found = [choice for choice in choices if meets(choice, map(set, sets))]
        for only in (False, True):
            refuted = [[places, [], [0, 0]] for places in sets]
            try:
                checker.Certificate(**made).checked(**claim, refuted=refuted, only=only)
            except checker.Refused:
                continue
            bounded += 1
            assert all(len(choice) == len(without) for choice in found)
            if only:
                accused += 1
                assert found in ([], [set(without)])
    assert bounded > 300
    assert accused > 30


@cache
def of_two_elements():
    return solve([[0, 1], [1, 0]], assume="group").certificate


def characters(classes, root, values):
    claim = {"claim": "characters", "classes": classes, "root": root, "values": values}
    return of_two_elements() | {"claims": [claim]}


@pytest.mark.parametrize("e", [1, 2, 3, 4, 5, 6, 8, 12, 15])
def test_sums_of_roots_of_unity_vanish_where_the_number_does(e):
    rng = random.Random(e)
    z, zeros, accepted = np.exp(2j * np.pi / e), 0, 0
    for _ in range(300):
        terms = [[rng.randrange(e), rng.randrange(-2, 3)] for _ in range(rng.randrange(e))]
        # Every second one is made to vanish where it can: all roots of a prime order.
        q = next((q for q in (2, 3, 5) if e % q == 0), None)
        if q and rng.random() < 0.5:
            shift = rng.randrange(e)
            terms = [[shift + i * e // q, 1] for i in range(q)]
        vanishes = abs(sum(c * z**k for k, c in terms)) < 1e-9
        zeros += vanishes
        # The characters of C2, but one value of the trivial one has these terms besides.
        values = [[[[0, 1]], [[0, 1], *terms]], [[[0, 1]], [[0, -1]]]]
        if max(len(each) for row in values for each in row) > e:
            continue
        try:
            accepted += bool(checker.check(characters([[0], [1]], e, values)))
            assert vanishes
        except checker.Refused:
            assert not vanishes
    assert zeros
    assert accepted or e in (1, 2, 3)  # there are no more terms than roots


@pytest.mark.parametrize(
    ("classes", "values", "reason"),
    [
        ([[0, 1]], [[[[0, 1]]]], "no classes"),
        ([[0], [1, 1]], [[[[0, 1]], [[0, 1]]]] * 2, "no classes"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]]], "not one for each class"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]]] * 2, "a row twice"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]], [[[0, 2]], [[0, 2]]]], "not of norm 1"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]], [[[0, 2]], [[0, 0]]]], "no multiple"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]], [[[0, -1]], [[0, 1]]]], "no positive degree"),
        ([[0], [1]], [[[[0, 1]], [[0, 1.0]]], [[[0, 1]], [[0, -1]]]], "no whole coefficient"),
        ([[0], [1]], [[[[0, 1]], [[0, 1]]], [[[0, 1]], [[0, -1], [0, 0], [0, 0]]]], "or terms"),
    ],
)
def test_what_is_no_table_of_characters_is_refused(classes, values, reason):
    with pytest.raises(checker.Refused, match=reason):
        checker.check(characters(classes, 2, values))


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("loop", ["associate", 3, 0, 1, 2], "no group"),
        ("monoid", ["associate", 3, 0, 1, 2], "no group"),
        ("quasigroup", ["associate", 3, 0, 1, 2], "no group"),
        ("loop", ["frame", [1, 2], [-1, -1]], "no group"),
        ("monoid", ["frame", [1, 2], [-1, -1]], "no group"),
        ("monoid", ["same", 0, 1, 0], "do not agree|needs cancellation"),
        ("semilattice", ["same", 0, 0, 0], "needs cancellation"),
        ("semilattice", ["same", 0, 0, 1], "needs cancellation"),
        ("semilattice", ["define", 1, 0, 2, 1], "needs cancellation"),
        ("semilattice", ["only", 1, 0, 2, 1, 0, -1, [0, 1]], "needs cancellation"),
        ("quasigroup", ["only", 2, 1, 0, 2, 0, 2, []], "not one for each label"),
        ("quasigroup", ["only", 2, 1, 0, 2, 0, -1, [0]], "not one for each label"),
        ("quasigroup", ["only", 2, 1, 0, 2, 0, 3, [0, 0]], "not one for each label"),
        ("monoid", ["inverse", 1], "no inverses"),
        ("loop", ["inverse", 1], "no inverses"),
        ("quasigroup", ["unit", 1], "no unit"),
        ("quasigroup", ["cases", 0, EQ, 0], "no unit"),
        ("unipotent", ["law", 1, [0, 1], [0, 0]], "no such law"),
        ("unipotent", ["law", 0, [1, 2], [-1, -1]], "both sides are unknown"),
        ("semilattice", ["law", 0, [1, 2, 1], [-1, 0, 0, 0]], "one unknown"),
        ("semilattice", ["law", 1, [1], [0, 0]], "not an instance"),
        ("semilattice", ["law", 1, [1, 1, 1], [0, 0]], "not an instance"),
        ("semilattice", ["law", 1, [1, 1], [0]], "not an instance"),
        ("semilattice", ["law", 1, [1, 1], [0, 0, 0]], "not an instance"),
        ("group", ["associate", 4, 0, 1, 2], "not one of four"),
        ("group", ["associate", 3, 0, 1], "not three facts"),
        ("group", ["associate", 3, 0, 0, 0], "do not fit together"),
        ("group", ["cases", 1, EQ, 3], "no such kind"),
        ("group", ["replace", 0, 0, 1], "not an equality"),
        ("group", ["clash", 0], "not two different labels"),
    ],
)
def test_a_rule_is_refused_where_the_theory_or_the_facts_lack_what_it_needs(name, line, reason):
    proof = checker.Proof(checker.Theory(THEORIES[name]), 2, [(0, 0, 1), (0, 1, 0)], [0, 0])
    with pytest.raises(checker.Refused, match=reason):
        proof.run([line])


def test_what_is_supposed_in_a_case_is_forgotten_after_it():
    theory = checker.Theory(THEORIES["quasigroup"])
    cells = [(0, 0, 0)]
    # 1*2 is 2, since 1*1 is 1 already: the other case is refuted by cancelling.
    case = [["cases", 1, 2, 0], ["case", 1], ["same", 0, 1, 1], ["clash", 2]]
    proof = checker.Proof(theory, 2, cells, [0, 0]).run([*case, ["end"]])
    assert proof.facts == [(1, 1, 1), (1, 2, 2)]
    assert proof.known() == {(0, 0): 0, (0, 1): 1}
    for lines, reason in (
        (case, "left open"),
        ([["cases", 1, 2, 0], ["case", 1], ["end"]], "a case is not refuted"),
        ([["cases", 1, 2, 0], ["end"]], "several cases are left"),
        ([*case, ["case", 1]], "not another label"),
        ([*case, ["same", 0, 1, 1]], "after the end"),
        ([["end"]], "no cases are open"),
    ):
        with pytest.raises(checker.Refused, match=reason):
            checker.Proof(theory, 2, cells, [0, 0]).run(lines)


def test_columns_are_permutations_of_the_whole_frame_outside_of_cases():
    theory, cells = checker.Theory(THEORIES["group"]), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 0)]
    frame = ["frame", [1, 2], [-1, -1]]
    proof = checker.Proof(theory, 2, cells, [0, 0]).run([frame, ["column", 1, [0, 1]]])
    assert proof.columns[1] == [0, 1]
    cases = ["cases", 1, 1, 0]
    for lines, reason in (
        ([frame, ["column", 1, [0, 0]]], "not a permutation"),
        ([frame, ["column", 1, [0, 2]]], "not a permutation"),
        ([frame, cases, ["case", 1], ["column", 1, [0, 1]]], "inside a case"),
        ([frame, cases, ["case", 1], ["compose", 0]], "inside a case"),
        ([frame, cases, ["case", 1], ["symbols", [-1, -1]]], "inside a case"),
        ([cases, ["case", 1], frame], "in a case"),
        ([frame, frame], "in a case"),
        ([["frame", [1, 1], [-1, -1]]], "no such fact"),
        ([["frame", [2, 1], [0, 0]]], "not the row"),
        ([frame, ["symbols", [0, 1]]], "no equality for the symbol"),
    ):
        with pytest.raises(checker.Refused, match=reason):
            checker.Proof(theory, 2, cells, [0, 0]).run(lines)


def test_a_label_is_excluded_by_cancellation_on_the_side_where_it_holds():
    line = ["only", 1, 2, 0, 2, 0, 2, [0]]  # 1*2 is 2, since 2*2 is 1, or 1*1 is
    left = {"name": "left", "laws": [], "conditions": ["left cancellation"]}
    right = {"name": "right", "laws": [], "conditions": ["right cancellation"]}
    above, beside = [(1, 1, 0)], [(0, 0, 0)]
    for theory, cells, good in (
        (left, above, False),
        (right, above, True),
        (left, beside, True),
        (right, beside, False),
    ):
        proof = checker.Proof(checker.Theory(theory), 2, cells, [0, 0])
        if good:
            assert proof.run([line]).known()[0, 1] == 1
        else:
            with pytest.raises(checker.Refused, match="not excluded"):
                proof.run([line])
    # What is defined by 1*3 = 1 may be 2 itself, and excludes nothing.
    proof = checker.Proof(checker.Theory(THEORIES["quasigroup"]), 2, beside, [0, 0])
    with pytest.raises(checker.Refused, match="not excluded"):
        proof.run([["define", 1, 0, 1, 1], [*line[:-1], [1]]])


def test_full_tables_have_what_they_are_said_to_have():
    rng = np.random.default_rng(0)
    tables = [*magmas(2), *rng.integers(3, size=(300, 3, 3)), *labeled_groups(4)]
    tables += [np.array([[0, 1, 2], [0, 1, 2], [0, 1, 2]]), np.array([[0] * 3, [1] * 3, [2] * 3])]
    for table in tables:
        n, everyone = len(table), range(len(table))
        rows, columns = (all(len({*line}) == n for line in x.tolist()) for x in (table, table.T))
        units = [e for e in everyone if all(table[e, x] == x == table[x, e] for x in everyone)]
        inverses = bool(units) and all(
            any(table[x, y] == units[0] == table[y, x] for y in everyone) for x in everyone
        )
        full = table.tolist()
        assert checker.is_associative(full) == holds(table, X_YZ)
        assert checker.is_latin(full) == (rows and columns)
        found = [checker.satisfies(full, each) for each in checker.CONDITIONS]
        assert found == [rows, columns, bool(units), inverses]


@pytest.mark.parametrize("gauge", [[2, 0], [0, 2], [-1, 0], [0], None, [0.0, 0]])
def test_a_gauge_is_a_row_and_a_column(gauge):
    with pytest.raises(checker.Refused, match="the gauge"):
        checker.Proof(checker.Theory(THEORIES["isotope"]), 2, [(0, 0, 0)], gauge)


def test_an_element_that_is_no_label_refutes():
    theory, cells = checker.Theory(THEORIES["quasigroup"]), [(0, 0, 0), (1, 1, 1)]
    line = ["only", 1, 2, 0, 2, 0, -1, [0, 1]]  # 1*2 is not 1 = 1*1, and not 2 = 2*2
    proof = checker.Proof(theory, 2, cells, [0, 0]).run([line])
    assert proof.refuted
    assert len(proof.facts) == 2
    with pytest.raises(checker.Refused, match="after the end"):
        checker.Proof(theory, 2, cells, [0, 0]).run([line, line])
