"""Change one line in the middle of each room and see whether a test fails.

Each mutant is applied in a temporary copy of the tree, and the tests named with it run there. A
mutant that no test notices has *survived*: a test is missing. Run as

    python scripts/mutants.py              all of them, some ten minutes
    python scripts/mutants.py --only NAME  one or several
    python scripts/mutants.py --list       their names

The exit status is 0 if all were killed, 1 if one survived, 2 if a line or a test is not there any
more or the tests fail without a change. ``tests/unit/test_mutants.py`` checks in every run that
each line is still found exactly once.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

# A mutant that makes a search endless counts as killed after this many seconds. The slowest named
# tests take about one minute on a shared core, more on a busy machine.
_SECONDS = 600
_TOO_LONG = -1  # no exit status of a process that ended by itself

# What the tests need beside src and tests; everything else would only make the copy slower.
_COPIED = ("src", "tests", "examples", "benchmarks", "scripts", "conftest.py", "pyproject.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One changed line.

    Attributes:
        name: What is broken.
        room: Folder below ``src/cayley`` with the line somewhere in it, so that files may move.
        line: Text that occurs exactly once in the files of the room.
        changed: What takes its place.
        tests: Paths below ``tests/unit``, of which at least one must fail.
    """

    name: str
    room: str
    line: str
    changed: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        name="light's test looks at one generator",
        room="algebra/axioms",
        line="for g in generating_set(products).tolist():",
        changed="for g in generating_set(products).tolist()[:1]:",
        tests=("algebra/axioms/test_lights_test.py",),
    ),
    Mutant(
        name="medial squares need no automorphisms that commute",
        room="algebra/axioms",
        line="    return np.array_equal(alpha[beta], beta[alpha])",
        changed="    return True",
        tests=("algebra/axioms/test_translation_laws.py",),
    ),
    Mutant(
        name="racks are medial without a look",
        room="algebra/axioms",
        line="    for k, y in enumerate(places.tolist()):",
        changed="    for k, y in enumerate(places.tolist()[:1]):",
        tests=("algebra/axioms/test_translation_laws.py",),
    ),
    Mutant(
        name="schreier generators are not sifted",
        room="algebra/groups",
        line="level = level - 1 if deeper is None else deeper",
        changed="level = level - 1",
        tests=("algebra/groups/test_schreier_sims.py",),
    ),
    Mutant(
        name="every large group is alternating",
        room="algebra/groups",
        line="odd = any((m - len(_cycle_lengths(g))) % 2 for g in generators)",
        changed="odd = False",
        tests=("algebra/groups/test_schreier_sims.py",),
    ),
    Mutant(
        name="kronecker's symbol does not look at 2",
        room="algebra/characters",
        line="if power % 2 and (d % 8 == 5 if p == 2 else pow(d % p, (p - 1) // 2, p) != 1):",
        changed="if power % 2 and p > 2 and pow(d % p, (p - 1) // 2, p) != 1:",
        tests=("algebra/characters/test_character_fields.py",),
    ),
    Mutant(
        name="multipliers of products forget the quotients",
        room="algebra/identification",
        line="        found += _common((q, r) for q in first for r in second)",
        changed="        found += ()",
        tests=("algebra/identification/test_schur_multiplier.py",),
    ),
    Mutant(
        name="an automorphism need not respect products",
        room="algebra/identification",
        line="if not np.array_equal(mapped[places], self.table[mapped[elements], image]):",
        changed="if False:",
        tests=("algebra/identification/test_automorphisms.py",),
    ),
    Mutant(
        name="chein's loops forget the square of the unit",
        room="algebra/loops",
        line="inside[group[square, hg]]",
        changed="inside[hg]",
        tests=("algebra/loops/test_parts.py",),
    ),
    Mutant(
        name="the middle nucleus is the left one",
        room="algebra/loops",
        line="lambda a: (values[:, products[a]], values[products[:, a]]),",
        changed="lambda a: (values[a].take(products), values[products[a]]),",
        tests=("algebra/loops/test_parts.py",),
    ),
    Mutant(
        name="green's relation J is R",
        room="algebra/semigroups",
        line="both = right.astype(np.float32) @ left.astype(np.float32) > 0",
        changed="both = right",
        tests=("algebra/semigroups/test_parts.py",),
    ),
    Mutant(
        name="lattices are distributive without a look",
        room="algebra/semigroups",
        line="np.flatnonzero(lower_covers == 1)",
        changed="np.flatnonzero(lower_covers == 9)",
        tests=("algebra/semigroups/test_parts.py",),
    ),
    Mutant(
        name="connected quandles are alexander's",
        room="algebra/quandles",
        line="if not quandle or (medial is not None and not medial):",
        changed="if not quandle:",
        tests=("algebra/quandles/test_parts.py",),
    ),
    Mutant(
        name="a short law holds if its variables do",
        room="completion",
        line="left.variables == right.variables and np.array_equal(left.values, right.values)",
        changed="left.variables == right.variables",
        tests=("completion/inspection/test_short_laws.py",),
    ),
    Mutant(
        name="a partial table's evidence is passed on to no special theory",
        room="completion",
        line="            cells=general.cells,",
        changed="            cells=(),",
        tests=("completion/inspection/test_partial_inspection.py",),
    ),
    Mutant(
        name="quotients may identify labels",
        room="algebra/groups",
        line="        if _are_distinct(images):",
        changed="        if True:",
        tests=("algebra/groups/test_quotients.py",),
    ),
    Mutant(
        name="cyclotomic numbers fall into fields that are too small",
        room="algebra/characters",
        line="if not powers[:, 1:].any():",
        changed="if not powers[:, 2:].any():",
        tests=("algebra/characters/test_cyclotomic.py",),
    ),
    Mutant(
        name="linear characters are not extended from the power",
        room="algebra/characters",
        line="at_power = logarithms[:, place[x]]",
        changed="at_power = 0 * logarithms[:, place[x]]",
        tests=("algebra/characters/test_character_table.py",),
    ),
    Mutant(
        name="the isotopism forgets a one-sided identity",
        room="algebra/identification",
        line="if r is None and s is None:",
        changed="if r is None or s is None:",
        tests=("algebra/identification/test_isotopism.py",),
    ),
    Mutant(
        name="todd-coxeter leaves out one place in a relation",
        room="deduction",
        line="        for p, r in self._second[g]:",
        changed="        for p, r in ():",
        tests=("deduction/todd_coxeter/test_todd_coxeter.py",),
    ),
    Mutant(
        name="todd-coxeter overlooks that two labels coincide",
        room="deduction",
        line="if self._labels[u][kind] not in (-1, label):",
        changed="if False:",
        tests=("deduction/todd_coxeter/test_todd_coxeter.py",),
    ),
    Mutant(
        name="half of the labels are taken to span the table",
        room="deduction",
        line="(2 * (labels >= 0).sum(axis=1) > order).any()",
        changed="(2 * (labels >= 0).sum(axis=1) >= order).any()",
        tests=("deduction/universal_group/test_deduce.py",),
    ),
    Mutant(
        name="evidence is not checked once more",
        room="deduction",
        line="if rest and is_inconsistent(rest):",
        changed="if False:",
        tests=("deduction/universal_group/test_evidence.py",),
    ),
    Mutant(
        name="two repairs with as few suspects are no tie",
        room="deduction",
        line="for each in self.found[1:] if len(each.suspects) == self.fewest)",
        changed="for each in self.found[1:] if len(each.suspects) < 0)",
        tests=(
            "deduction/wrong_entries/test_fewest_suspects.py",
            "deduction/wrong_entries/test_nearest_structure.py",
        ),
    ),
    Mutant(
        name="the choice of wrong cells does not count as chance",
        room="deduction",
        line="bits = log2_num_tables(order, assume=assume) + choices / math.log(2)",
        changed="bits = log2_num_tables(order, assume=assume)",
        tests=("deduction/wrong_entries/test_chance.py",),
    ),
    Mutant(
        name="an exchange of labels loses the agreement of one of them only",
        room="deduction",
        line="- own[:, :, None] - own[:, None, :]",
        changed="- own[:, :, None]",
        tests=("deduction/wrong_entries/test_plausibility.py",),
    ),
    Mutant(
        name="inverses are not adjoint after averaging",
        room="representations",
        line="averaged[inverses[chosen]] = averaged[chosen].mH",
        changed="averaged[inverses[chosen]] = averaged[chosen]",
        tests=("representations/test_nearest.py",),
    ),
    Mutant(
        name="the penalty's gradient takes the wrong neighbor",
        room="hypercube",
        line="before, after = P.roll(1, -3), Q.roll(-1, -3)",
        changed="before, after = P.roll(1, -3), Q.roll(1, -3)",
        tests=("hypercube/test_functional.py",),
    ),
    Mutant(
        name="whitening goes half the way",
        room="synchronization",
        line="values.clamp_min(floor).pow(-power)",
        changed="values.clamp_min(floor).pow(-power / 2)",
        tests=("synchronization/test_whitening.py",),
    ),
    Mutant(
        name="an action is accepted whatever it explains",
        room="synchronization",
        line="return chance / math.log(10) <= _SIGNIFICANCE",
        changed="return chance / math.log(10) <= math.inf",
        tests=("synchronization/test_acceptance.py",),
    ),
    Mutant(
        name="float64 never takes over from float32",
        room="optim",
        line="    if solve_dtype is None and not condition < FLOAT32_CONDITION:",
        changed="    if False:",
        tests=("optim/test_preconditioning.py",),
    ),
    Mutant(
        name="the multiplier counts half",
        room="invariance",
        line="(square + 2 * (dual * constraint).sum())",
        changed="(square + (dual * constraint).sum())",
        tests=("invariance/test_moments.py", "invariance/test_augmented_lagrangian.py"),
    ),
    Mutant(
        name="the adjoint of a membrane has a wrong sign",
        room="spiking",
        line="        p = mu * by_v - old_density * lam",
        changed="        p = mu * by_v + old_density * lam",
        tests=("spiking/test_layers.py", "spiking/equations/test_euler_method.py"),
    ),
    Mutant(
        name="the compiled adjoint leaves out samples that fill no group",
        room="spiking",
        line="_GROUPS = (4, 1)",
        changed="_GROUPS = (4,)",
        tests=("spiking/test_layers.py",),
    ),
    Mutant(
        name="rounding works in the given metric instead of the invariant one",
        room="discovery",
        line="if spread > max(1e-9, _ORTHOGONAL * error):",
        changed="if False:",
        tests=("discovery",),
    ),
    Mutant(
        name="the average over a group is a sum",
        room="equivariance",
        line="return back / n",
        changed="return back",
        tests=("equivariance/test_averaging.py",),
    ),
    Mutant(
        name="noise may leave a cell as it was",
        room="tables",
        line="random.integers(1, len(table.symbols), size=count)",
        changed="random.integers(0, len(table.symbols), size=count)",
        tests=("tables/test_corruption.py",),
    ),
    Mutant(
        name="a variable that occurs twice stands for two things",
        room="theories",
        line="fits &= held == new[:, place]",
        changed="fits &= held == held",
        tests=("theories/propagation/test_propagation.py",),
    ),
    Mutant(
        name="the search tries one value for a cell",
        room="theories",
        line="for value in np.flatnonzero(allowed).tolist():",
        changed="for value in np.flatnonzero(allowed).tolist()[:1]:",
        tests=("theories/propagation/test_complete.py",),
    ),
    Mutant(
        name="a theory is earned whatever else was tried",
        room="theories",
        line="correction = math.log10(tried)",
        changed="correction = 0.0",
        tests=("theories/mining/test_evidence.py", "theories/mining/test_standing.py"),
    ),
    Mutant(
        name="a part that adds nothing is earned with the whole",
        room="theories",
        line="return self.corrected <= EARNED and self.weakest <= WEAKEST",
        changed="return self.corrected <= EARNED",
        tests=("theories/mining/test_evidence.py", "theories/mining/test_standing.py"),
    ),
    Mutant(
        name="the first polynomial through the cells is taken for the only one",
        room="theories",
        line="np.where(piece.forced(a, b), piece.polynomial(a, b), UNKNOWN)",
        changed="piece.polynomial(a, b)",
        tests=("theories/polynomials/test_polynomials.py",),
    ),
    Mutant(
        name="under theories the choice of wrong cells does not count as chance",
        room="theories",
        line="return min(0.0, found.log10_chance + ways / math.log(10))",
        changed="return min(0.0, found.log10_chance)",
        tests=("theories/wrong_entries/test_wrong_entries.py",),
    ),
    Mutant(
        name="a table with rivals is called solved",
        room="completion",
        line='trusted = reading.standing in ("given", "earned") and not rivals',
        changed='trusted = reading.standing in ("given", "earned")',
        tests=("completion/test_conclusion.py",),
    ),
    Mutant(
        name="who accuses one cell more is no rival",
        room="completion",
        line="if others > wrong + 1 or (",
        changed="if others > wrong or (",
        tests=("completion/test_conclusion.py",),
    ),
    Mutant(
        name="products across parts without a common label are forced",
        room="deduction",
        line="inside = parts[0, a] == parts[1, b]",
        changed="inside = a >= 0",
        tests=("deduction/homotopes/test_homotopes.py",),
    ),
    Mutant(
        name="of the homotopes that have the cells only one is looked for",
        room="deduction",
        line="                if len(found) == 2:\n                    return found",
        changed="                return found",
        tests=("deduction/homotopes/test_homotopes.py",),
    ),
    Mutant(
        name="two labels that look alike are one",
        room="tables/labels",
        line="if len(label_of) < len(rows) or set(keys) != set(label_of) or",
        changed="if set(keys) != set(label_of) or",
        tests=("tables/test_readings.py",),
    ),
    Mutant(
        name="a single capital is a spelling and no typing error",
        room="tables/labels",
        line="if 0 < len(differ) < len(cased):",
        changed="if False:",
        tests=("tables/test_readings.py",),
    ),
    Mutant(
        name="gap's lists count from 0",
        room="algebra/export",
        line="else c + 1 for c in row)",
        changed="else c for c in row)",
        tests=("algebra/export/test_gap.py",),
    ),
    Mutant(
        name="cells that are held out for tuning stay visible",
        room="experiments",
        line="    array[tuple(hidden.T)] = UNKNOWN\n    return table.with_array(array), hidden",
        changed="    return table.with_array(array), hidden",
        tests=("experiments/baselines/test_networks.py",),
    ),
    Mutant(
        name="labels are markup in the report",
        room="report",
        line="autoescape=True,\n        undefined=jinja2.StrictUndefined,  # a",
        changed="autoescape=False,\n        undefined=jinja2.StrictUndefined,  # a",
        tests=("report/test_html.py",),
    ),
    Mutant(
        name="the studio takes tables that are long one way only",
        room="studio",
        line="if max(sizes) > max_order:",
        changed="if min(sizes) > max_order:",
        tests=("studio/answers/test_table_documents.py",),
    ),
    Mutant(
        name="cells that no table has end with status 0",
        room="cli",
        line='"inconsistent": 4}\n\n\ndef complete(',
        changed='"inconsistent": 0}\n\n\ndef complete(',
        tests=("cli/test_complete.py",),
    ),
    Mutant(
        name="that a label is new is one answer, whichever it is",
        room="next_cell",
        line="entropy = entropy + share[:, new] * np.log2(num_new)",
        changed="entropy = entropy + 0",
        tests=("next_cell/test_entropy.py",),
    ),
    Mutant(
        name="the checker lets cancellation pass wherever",
        room="",  # the file that checks certificates stands beside the rooms
        line="agree = all(one[k] == other[k] for k in range(3) if k != place)",
        changed="agree = True",
        tests=("test_checker.py",),
    ),
)


def place(mutant: Mutant, root: Path = ROOT) -> Path:
    """Return the file that has the mutant's line.

    Raises:
        ValueError: If the line does not occur exactly once in the room, or a test is not there.
    """
    files = sorted((root / "src" / "cayley" / mutant.room).rglob("*.py"))
    found = [(file, file.read_text(encoding="utf-8").count(mutant.line)) for file in files]
    count = sum(times for _, times in found)
    if count != 1:
        raise ValueError(f"{mutant.room}: `{mutant.line.strip()}` occurs {count} times, not once.")
    missing = [test for test in mutant.tests if not (root / "tests" / "unit" / test).exists()]
    if missing:
        raise ValueError(f"{mutant.name}: tests/unit has no {', '.join(missing)}.")
    return next(file for file, times in found if times)


def run_tests(root: Path, tests: tuple[str, ...]) -> int:
    """Return pytest's exit status in a copy: 0 passed, 1 failed, -1 too long, others no answer."""
    environment = dict(os.environ, PYTHONPATH=str(root / "src"), PYTHONDONTWRITEBYTECODE="1")
    environment.setdefault("OMP_NUM_THREADS", "1")
    # compiled functions of the unchanged source, found in a cache, would hide a change
    environment["NUMBA_CACHE_DIR"] = str(root / "numba")
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "-q"]
    command += ["-x", *(f"tests/unit/{test}" for test in tests)]
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return _TOO_LONG
    return done.returncode


def survives(mutant: Mutant, copy: Path) -> bool:
    """Return whether the tests pass with the change; the copy is as before afterwards.

    Raises:
        ValueError: If the line is not found once, or the tests could not be run.
    """
    file = place(mutant, copy)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(mutant.line, mutant.changed), encoding="utf-8")
    try:
        status = run_tests(copy, mutant.tests)
    finally:
        file.write_text(text, encoding="utf-8")
    if status not in (0, 1, _TOO_LONG):
        raise ValueError(f"{mutant.name}: pytest ended with {status}; the tests did not run.")
    return status == 0


def main() -> int:
    """Run the mutants that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="parts of names")
    parser.add_argument("--list", action="store_true", help="print the names")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if not options.only or any(n in m.name for n in options.only)]
    if options.list:
        print("\n".join(mutant.name for mutant in chosen))
        return 0
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pyc*"))
            else:
                shutil.copy(ROOT / name, copy / name)
        try:
            sound: set[tuple[str, ...]] = set()
            for mutant in chosen:
                start = time.monotonic()
                status = 0 if mutant.tests in sound else run_tests(copy, mutant.tests)
                if status != 0:
                    how = f"take over {_SECONDS} s" if status == _TOO_LONG else "fail"
                    raise ValueError(f"{mutant.name}: its tests {how} without a change.")
                sound.add(mutant.tests)
                survived = survives(mutant, copy)
                survivors += [mutant.name] if survived else []
                verdict = "SURVIVED" if survived else "killed"
                print(f"{verdict:8} {time.monotonic() - start:5.0f} s  {mutant.name}", flush=True)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
