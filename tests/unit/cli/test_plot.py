import pytest

from cayley.cli._plot import Kind, Order
from cayley.report.figures._figure_kinds import FIGURES
from cayley.report.figures.element_order._arrangement import ORDERS


def test_kinds_are_the_figures(cayley) -> None:
    assert set(Kind.__args__) == set(FIGURES)
    assert Order.__args__ == ORDERS
    shown = " ".join(cayley("plot", "--help").out.split())
    for name, kind in FIGURES.items():
        assert f"{name} {kind.about}"[:24] in shown
    assert "Example: cayley plot table examples/tables/c3v_partial.csv -o table.svg" in shown


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_a_table_is_completed_and_drawn(cayley, examples, tmp_path, suffix) -> None:
    out = tmp_path / f"x.{suffix}"
    found = cayley("plot", "table", examples / "c3v_partial.csv", "-o", out)
    assert (found.status, found.out) == (0, "")
    assert "This is the group S3" in found.err
    assert out.stat().st_size > 1000


def test_a_solution_is_drawn_as_it_is(cayley, examples, tmp_path) -> None:
    file, out = examples / "c3v_partial.csv", tmp_path / "out"
    assert cayley("complete", file, "--solver", "hypercube", "--out", out).status == 0
    for kind in ("curves", "matrices"):
        found = cayley("plot", kind, out / "solution.json", "-o", tmp_path / f"{kind}.svg")
        assert (found.status, found.err) == (0, "")
    assert "As learned" in (tmp_path / "matrices.svg").read_text()
    text = (out / "solution.json").read_text()
    found = cayley("plot", "curves", "-", "-o", tmp_path / "again.svg", stdin=text)
    assert found.status == 0
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "curves.svg").read_bytes()


def test_generators_are_chosen(cayley, examples, tmp_path) -> None:
    file, out = examples / "dihedral12_noisy.csv", tmp_path / "g.svg"
    assert cayley("plot", "cayley-graph", file, "--generators", "r, s", "-o", out).status == 0
    found = cayley("plot", "cayley-graph", file, "--generators", "r2,s", "-o", tmp_path / "h.svg")
    assert found.status == 2
    assert "generate 6 of 12" in found.err
    assert not (tmp_path / "h.svg").exists()


@pytest.mark.parametrize(
    ("kind", "output", "message"),
    [
        ("curves", "x.svg", "nothing was trained"),
        ("table", "x.bmp", "must end in one of .svg, .png, .pdf"),
        ("table", "no/x.svg", "does not exist"),
    ],
)
def test_mistakes_get_one_message(cayley, examples, tmp_path, kind, output, message) -> None:
    found = cayley("plot", kind, examples / "c3v_partial.csv", "-o", tmp_path / output, "--quiet")
    assert found.status == 2
    assert message in found.err
    assert found.err.count("\n") == 1


def test_options_are_for_their_kinds(cayley, examples, tmp_path) -> None:
    file, out = examples / "dihedral12_noisy.csv", tmp_path / "x.svg"
    assert cayley("plot", "quotient", file, "--subgroup", "r3", "-o", out).status == 0
    assert "D12 / C2 is S3" in out.read_text()
    found = cayley(
        "plot", "table", file, "--generators", "r,s", "-o", tmp_path / "y.svg", "--quiet"
    )
    assert found.status == 2
    assert "table takes no --generators; cayley-graph does." in found.err
    assert not (tmp_path / "y.svg").exists()


def test_options_are_read_as_labels_first() -> None:
    from cayley.cli._plot import _given
    from cayley.completion import solve
    from cayley.tables import generate_family

    solution = solve(generate_family("S4"))
    symbols = solution.table.symbols
    given = _given("table", symbols, 6, subgroup="(1 2)(3 4), (1 3)(2 4)", order_by="cosets")
    assert given == {"subgroup": ["(1 2)(3 4)", "(1 3)(2 4)"], "order_by": "cosets"}
    assert _given("quotient", symbols, 6, subgroup="2", solid=None) == {"subgroup": 2}
    assert _given("matrices", symbols, 3) == {"count": 3}
    assert _given("symmetry", symbols, 6, solid="cube") == {"solid": "cube"}
    with pytest.raises(ValueError, match="table takes no --rival; rivals does"):
        _given("table", symbols, 6, rival=2)


def test_the_solid_and_the_rival_are_chosen(cayley, save, tmp_path) -> None:
    from cayley.tables import generate_family, write_table

    write_table(generate_family("S4"), tmp_path / "s4.csv")
    out = tmp_path / "cube.svg"
    assert cayley("plot", "symmetry", tmp_path / "s4.csv", "--solid", "cube", "-o", out).status == 0
    assert "symmetries of the cube" in out.read_text()
    partly = save("o,0,1\n0,0,1\n1,1,?\n", "two.csv")
    found = cayley("plot", "rivals", partly, "--rival", "2", "-o", tmp_path / "no.svg", "--quiet")
    assert (found.status, "there is no rival 2: there is 1 only" in found.err) == (2, True)


def test_files_that_are_none(cayley, save, tmp_path) -> None:
    assert cayley("plot", "table", tmp_path / "none.csv", "-o", tmp_path / "x.svg").status == 2
    broken = save('{"schema": "cayley.solution/1"}', "s.json")
    found = cayley("plot", "table", broken, "-o", tmp_path / "x.svg")
    assert found.status == 2
    assert "`status` must be one of" in found.err
