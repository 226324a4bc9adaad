"""The plain and the compiled coset tables are two programs for one algorithm."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import cayley
from cayley.algebra import Structure
from cayley.deduction import Limits
from cayley.deduction.todd_coxeter import _todd_coxeter as enumeration
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, present
from cayley.deduction.todd_coxeter._todd_coxeter_numba import CompiledCosetTable
from cayley.deduction.todd_coxeter._todd_coxeter_python import PythonCosetTable
from cayley.deduction.universal_group._universal_group import proved_cells
from cayley.testing import assert_group


def presentation_of(relations, size):
    """Generators 1..size-1, each a label of its own."""
    labels = np.arange(1, size)[None]
    triples = np.array(relations, np.int64).reshape(-1, 3)
    return UniversalPresentation(num_generators=size, relations=triples, labels=labels, clash=False)


def observed(table, rng, fraction):
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, round(fraction * n * n), replace=False), n)
    return np.stack([a, b, table[a, b]], axis=1)


@pytest.mark.parametrize("assume", [Structure.GROUP, Structure.GROUP_ISOTOPE])
def test_both_tables_find_the_same(assume, tables, rng, monkeypatch):
    statuses = Counter()
    for trial in range(40):
        table = (tables.relabeled if assume is Structure.GROUP else tables.isotope)(
            tables.dihedral(5), rng
        )
        cells = observed(table, rng, rng.uniform(0.1, 0.6))
        if trial % 4 == 0:
            cells[0, 2] = (cells[0, 2] + 1) % 10
        presentation = present(cells, 10, assume=assume, gauge=(0, 0))
        limits = Limits(max_cosets=500)
        plain = enumeration.enumerate_group(presentation, 10, limits)
        monkeypatch.setattr(enumeration, "PLAIN_ORDER", 0)
        monkeypatch.setattr(enumeration, "kernel_is_loaded", lambda: True)
        compiled = enumeration.enumerate_group(presentation, 10, limits)
        monkeypatch.undo()
        statuses[plain.status] += 1
        assert plain.status == compiled.status
        if plain.status == "finite":
            assert_group(plain.table)
            assert_group(compiled.table)
            assert len(plain.table) == len(compiled.table)
            assert plain.reach == compiled.reach
        elif plain.status == "open" and plain.reason == "closure":
            assert (plain.images >= 0).sum() == (compiled.images >= 0).sum()
    assert set(statuses) == {"finite", "open", "collapsed"}


PRESENTED = {
    # name: relations p q = r, number of generators with the identity, order of the group
    "trivial": ([(1, 1, 1)], 2, 1),
    "C2": ([(1, 1, 0)], 2, 2),
    "C5": ([(1, 1, 2), (2, 2, 3), (3, 1, 0)], 4, 5),
    "C2 x C2": ([(1, 1, 0), (2, 2, 0), (1, 2, 3), (2, 1, 3)], 4, 4),
    "S3": ([(1, 1, 0), (2, 2, 0), (1, 2, 3), (3, 3, 4), (4, 3, 0)], 5, 6),
    "Q8": ([(1, 1, 3), (2, 2, 3), (3, 3, 0), (1, 2, 4), (4, 4, 3)], 5, 8),
    # <a, b | a^2, b^3, (ab)^5>
    "A5": ([(1, 1, 0), (2, 2, 3), (3, 2, 0), (1, 2, 4), (4, 4, 5), (5, 5, 6), (6, 4, 0)], 7, 60),
    # <a, b | a^2, b^3, (ab)^4>
    "S4": ([(1, 1, 0), (2, 2, 3), (3, 2, 0), (1, 2, 4), (4, 4, 5), (5, 5, 0)], 6, 24),
}


@pytest.mark.parametrize("name", PRESENTED)
@pytest.mark.parametrize("plain", [True, False], ids=["plain", "compiled"])
def test_presentations_of_known_groups(name, plain, monkeypatch):
    monkeypatch.setattr(enumeration, "PLAIN_ORDER", 100 if plain else 0)
    relations, size, order = PRESENTED[name]
    result = enumeration.enumerate_group(presentation_of(relations, size), 50, Limits())
    if name == "trivial":
        # The one label is the identity, which is no clash: only labels must stay distinct.
        assert (result.status, len(result.table)) == ("finite", 1)
        return
    assert (result.status, len(result.table)) == ("finite", order)
    assert_group(result.table)
    base = result.images[0]
    for p, q, r in result.presentation.relations:
        assert result.table[base[p], base[q]] == base[r]


def test_an_infinite_group_stays_open(monkeypatch):
    """Two generators, one relation: a free product."""
    for order, most in ((10, 50), (50, 500)):
        result = enumeration.enumerate_group(
            presentation_of([(1, 1, 0)], 3), order, Limits(max_cosets=most)
        )
        assert (result.status, result.reason, result.table) == ("open", "cosets", None)
        assert result.num_defined == most


def test_known_products_stay_true_when_a_limit_ends_the_work(tables, rng):
    table = tables.symmetric(5)
    cells = observed(table, rng, 0.015)
    presentation = present(cells, 120, assume=Structure.GROUP, gauge=(0, 0))
    for most in (0, 10, 1000):
        result = enumeration.enumerate_group(presentation, 120, Limits(max_cosets=most))
        labels = result.presentation.labels[0]
        used = np.flatnonzero(labels >= 0)
        base = result.images[0]
        of = np.full(len(result.images), -1)
        of[base[labels[used]]] = used
        known = result.images[np.ix_(base[labels[used]], labels[used])]
        named = (known >= 0) & (of[known] >= 0)
        assert named.sum() >= len(cells)
        np.testing.assert_array_equal(table[np.ix_(used, used)][named], of[known][named])


def test_memory_and_time_end_the_work(tables, rng):
    cells = observed(tables.isotope(tables.symmetric(5), rng), rng, 0.045)
    presentation = present(cells, 120, assume=Structure.GROUP_ISOTOPE, gauge=(0, 0))
    lean = enumeration.enumerate_group(presentation, 120, Limits(max_bytes=2_000_000))
    assert (lean.status, lean.reason) == ("open", "cosets")
    assert lean.num_defined < Limits().definitions(120)
    begin = time.monotonic()
    endless = Limits(max_cosets=10**9, max_bytes=10**9)
    late = enumeration.enumerate_group(presentation, 120, endless, deadline=begin + 0.3)
    assert (late.status, late.reason) == ("open", "time")
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("kind", [PythonCosetTable, CompiledCosetTable])
def test_images_number_the_elements_anew_with_the_identity_first(kind):
    presentation = presentation_of(*PRESENTED["C5"][:2])
    options = {"max_bytes": 10**6} if kind is CompiledCosetTable else {}
    table = kind(presentation, **options)
    assert table.advance(define=True, max_definitions=100) == "closed"
    images = table.images()
    assert images.shape == (5, 4)
    assert table.num_alive == 5
    np.testing.assert_array_equal(images[:, 0], np.arange(5))
    assert table.has_full_column()
    x = images[0, 1]
    walk = [0, x]
    while walk[-1]:
        walk.append(images[walk[-1], 1])
    assert len(walk) == 6


def seconds_of_children():
    """Return the processor time of all processes that were started here and have ended."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def seconds_of(process):
    """Return the processor time of a process that runs."""
    times = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_a_keyboard_interrupt_ends_the_compiled_work_soon():
    code = (
        "import numpy as np\n"
        "from cayley.deduction.todd_coxeter._todd_coxeter import Limits, enumerate_group\n"
        "from cayley.algebra import Structure\n"
        "from cayley.deduction.todd_coxeter._relations import present\n"
        "rng = np.random.default_rng(0)\n"
        "n = 200\n"
        "a, b = np.divmod(rng.choice(n * n, 1200, replace=False), n)\n"
        "cells = np.stack([a, b, (a + b) % n], axis=1)\n"
        # compiling the kernel is no part of what is measured
        "few = np.stack([a, b, (a + b) % n], axis=1)[:40]\n"
        "enumerate_group(present(few, n, assume=Structure.GROUP_ISOTOPE, gauge=(0, 0)), n,"
        " Limits(max_cosets=10**4))\n"
        "print('ready', flush=True)\n"
        "limits = Limits(max_cosets=10**9, max_bytes=2 * 10**9)\n"
        "assume = Structure.GROUP_ISOTOPE\n"
        "enumerate_group(present(cells, n, assume=assume, gauge=(0, 0)), n, limits)\n"
    )
    source = str(Path(cayley.__file__).parents[2])
    before = seconds_of_children()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": source},
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        # The presentation takes a twentieth of a second; after a whole one the kernel is at work.
        start = seconds_of(process)
        while process.poll() is None and seconds_of(process) < start + 1:
            time.sleep(0.05)
        assert process.poll() is None, process.stderr.read()
        at_signal = seconds_of(process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=200)
    # Processor time, because a busy machine may not let it go on for a while.
    assert seconds_of_children() - before - at_signal < 5
    assert b"KeyboardInterrupt" in errors


def test_small_orders_never_load_the_compiler():
    code = (
        "import sys\n"
        "import numpy as np\n"
        "from cayley import deduction\n"
        "a, b = np.indices((24, 24)).reshape(2, -1)\n"
        "cells = np.stack([a, b, (a + b) % 24], axis=1)\n"
        "for assume in ('group', 'isotope'):\n"
        "    assert deduction.deduce(cells, order=24, assume=assume).unique == 'yes'\n"
        "cells[0, 2] = 5\n"
        "deduction.deduce(cells, order=24, assume='group')\n"
        "deduction.find_wrong_entries(cells, order=24, assume='group')\n"
        "deduction.decide(cells[:40], order=24, assume='group', max_assignments=100)\n"
        "assert not {'numba', 'torch', 'scipy'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_proved_holds_wherever_the_search_is_cut_short(tables, rng, monkeypatch):
    """And nothing is lost where only the elements that are generators have a row."""
    monkeypatch.setattr("cayley.deduction.todd_coxeter._todd_coxeter_numba._CHUNK", 1)
    proved = 0
    for group in (tables.symmetric(3), tables.dihedral(4, dicyclic=True), tables.cyclic(7)):
        n = len(group)
        cells = observed(group, rng, 0.35)
        gauge = int(cells[0, 0]), int(cells[0, 1])
        presentation = present(cells, n, assume=Structure.GROUP_ISOTOPE, gauge=gauge)
        table = CompiledCosetTable(presentation, max_bytes=10**7)
        for _ in range(300):
            progress = table.advance(define=True, max_definitions=4 * n)
            found = []
            for of_generators in (False, True):
                images = table.images(of_generators=of_generators)
                result = enumeration.Enumeration(
                    status="open", presentation=presentation, images=images
                )
                found.append(proved_cells(result).tolist())
            assert found[0] == found[1]
            assert all(group[a, b] == c for a, b, c in found[0])
            proved += len(found[0]) > len(cells)
            if progress != "working":
                break
    assert proved > 10  # that more than was given is proved before the end
