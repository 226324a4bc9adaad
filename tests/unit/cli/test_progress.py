from cayley.cli._progress import describe, search_progress
from cayley.completion import Progress


def test_progress_vanishes_where_there_is_no_terminal(capsys) -> None:
    with search_progress() as callback:
        assert callback is None
    assert capsys.readouterr().err == ""


def test_one_line_says_where_the_search_is() -> None:
    progress = Progress(
        solver="hypercube", stage="shared factors, restart 0", step=40, fit=0.5,
        penalty_ratio=3.25, agreement=0.9, loss=1.0, imbalance=0.1,
    )  # fmt: skip
    line = describe(progress, 1.5)
    for part in ("step 40", "fit 50.0%", "H/n² 3.250", "agreement 0.900", "1.5 s"):
        assert part in line
