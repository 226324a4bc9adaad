"""Folders are written whole or not at all."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cayley._files import RUN_FILE, foreign_files, replace_file, replace_folder


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
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["new", RUN_FILE]


def test_a_link_to_a_folder_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with replace_folder(tmp_path / "link") as folder:
        (folder / "a").write_text("1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "1"


def test_files_of_others_are_told_apart(tmp_path):
    with replace_folder(tmp_path / "out") as folder:
        (folder / "ours").write_text("1")
        (folder / "deep").mkdir()
        (folder / "deep" / "ours").write_text("1")
    assert foreign_files(tmp_path / "out") == []
    (tmp_path / "out" / "notes").write_text("2")
    (tmp_path / "out" / "deep" / "notes").write_text("2")
    (tmp_path / "out" / "empty").mkdir()
    assert foreign_files(tmp_path / "out") == ["deep/notes", "empty", "notes"]


@pytest.mark.parametrize(
    "content",
    [None, "", "[]", "{}", '{"format": "other/1", "files": ["a"]}', '{"format": "cayley.run/1"}'],
)
def test_without_a_list_of_ours_all_files_are_foreign(tmp_path, content):
    (tmp_path / "a").write_text("1")
    if content is not None:
        (tmp_path / RUN_FILE).write_text(content)
    assert "a" in foreign_files(tmp_path)


KILLED = """
import os, signal, sys
from pathlib import Path
from cayley import _files
place = Path(sys.argv[1])
rename = Path.rename
def renamed(self, target):
    if self.name == "new":
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.rename = renamed
_files.os.replace = lambda a, b: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "folder":
    with _files.replace_folder(place) as folder:
        (folder / "a").write_text("2")
else:
    _files.replace_file(place, b"2")
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and locks")
@pytest.mark.parametrize("ahead", [None, -3600, 86400])
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_leftovers_of_killed_runs_are_cleared_and_nothing_is_lost(tmp_path, kind, ahead):
    target = tmp_path / "out"
    if kind == "folder":
        target.mkdir()
        (target / "a").write_text("1")
    else:
        target.write_text("1")
    run = subprocess.run([sys.executable, "-c", KILLED, target, kind], check=False)
    assert run.returncode == -signal.SIGKILL
    (leftover,) = tmp_path.glob(".cayley-*")
    if ahead is not None:
        os.utime(leftover, (time.time() + ahead,) * 2)  # as by a clock that was set back
    replace_file(tmp_path / "other", b"3")
    assert not leftover.exists()
    assert (target / "a" if kind == "folder" else target).read_text() == "1"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and locks")
def test_what_another_run_is_writing_stays(tmp_path):
    with replace_folder(tmp_path / "out") as folder:
        (folder / "a").write_text("1")
        long_ago = time.time() - 3600
        os.utime(folder.parent, (long_ago, long_ago))
        replace_file(tmp_path / "other", b"2")
        assert folder.exists()
    assert (tmp_path / "out" / "a").read_text() == "1"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals and locks")
@pytest.mark.parametrize("ahead", [0, -3600, 86400])
def test_what_may_not_be_locked_yet_stays_while_it_is_young(tmp_path, ahead):
    """A run was killed, or is at the moment, between making its file or folder and the lock."""
    (tmp_path / ".cayley-1").mkdir()
    (tmp_path / ".cayley-2").mkdir()
    (tmp_path / ".cayley-2" / "lock").write_bytes(b"")
    (tmp_path / ".cayley-3.tmp").write_bytes(b"")
    (tmp_path / ".cayley-4").mkdir()
    (tmp_path / ".cayley-4" / "notes").write_text("somebody's")
    for path in (*tmp_path.rglob("*"),):
        os.utime(path, (time.time() + ahead,) * 2)
    replace_file(tmp_path / "other", b"3")
    left = {path.name for path in tmp_path.glob(".cayley-*")}
    young = {".cayley-1", ".cayley-2", ".cayley-3.tmp"} if not ahead else set()
    assert left == {".cayley-4"} | young
