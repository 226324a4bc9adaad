import io

import numpy as np
import pytest

from cayley.tables import read_table


@pytest.mark.parametrize(
    "family", ["C12", "S4", "D8", "A5", "Q8", "C3xS3", "mod97:a+b", "mod7:a^2+ab+b^2", "12:3"]
)
def test_families_read_back(cayley, family) -> None:
    found = cayley("generate", family)
    assert found.status == 0
    assert read_table(io.StringIO(found.out)).is_full


def test_options_change_what_they_say(cayley, tmp_path) -> None:
    truth = tmp_path / "truth.csv"
    found = cayley("generate", "S4", "--observe", "0.3", "--noise", "0.1", "--seed", "1",
                   "--truth", truth)  # fmt: skip
    partial, full = read_table(io.StringIO(found.out)), read_table(truth)
    known = partial.array >= 0
    assert known.sum() == round(0.3 * 576)
    assert full.is_full
    assert partial.symbols == full.symbols
    assert (partial.array[known] != full.array[known]).sum() == round(0.1 * known.sum())


def test_the_same_seed_gives_the_same_bytes(cayley) -> None:
    command = ("generate", "D10", "--observe", "0.5", "--shuffle", "--isotope")
    assert cayley(*command, "--seed", "0").out == cayley(*command).out
    assert cayley(*command, "--seed", "0").out != cayley(*command, "--seed", "1").out


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "npz", "npy"])
def test_files_of_every_format(cayley, tmp_path, suffix) -> None:
    path = tmp_path / f"t.{suffix}"
    found = cayley("generate", "C5", "--out", path)
    assert (found.status, found.out) == (0, "")
    assert np.array_equal(read_table(path).array, np.add.outer(range(5), range(5)) % 5)


def test_symbols_that_are_not_seen_are_declared(cayley) -> None:
    found = cayley("generate", "S4", "--observe", "0.03", "--isotope")
    assert found.status == 0
    assert "writing JSON" in found.err
    assert read_table(io.StringIO(found.out)).order == 24


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "nonsense"),
        (["S9"], "362880"),
        (["C5", "--observe", "2"], "observe"),
        (["C5", "--noise", "-1"], "noise"),
        (["12:99"], "12"),
    ],
)
def test_errors(cayley, arguments, message) -> None:
    found = cayley("generate", *arguments)
    assert found.status == 2
    assert message in found.err.replace(",", "").replace(" ", "")
