"""Folders are written whole or not at all."""

import pytest

from cayley._files import replace_folder


def test_a_new_folder_appears_whole(tmp_path):
    with replace_folder(tmp_path / "out") as folder:
        (folder / "a").write_text("1")
        assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "a").read_text() == "1"


def test_an_old_folder_stays_when_writing_fails(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("1")
    with pytest.raises(RuntimeError), replace_folder(tmp_path / "out") as folder:
        (folder / "new").write_text("2")
        raise RuntimeError
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    with replace_folder(tmp_path / "out") as folder:
        (folder / "new").write_text("2")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["new"]
