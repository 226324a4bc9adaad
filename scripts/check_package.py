"""Build the package and try it outside the tree, as somebody does who installs it.

Builds the sdist, and the wheel from the sdist; installs the wheel in a fresh environment in a
temporary folder; runs the version, a completion and the README's Python there; checks that data and
type information are in it and that no dependency is under the GPL; prints the size of the
environment, package by package.

    python scripts/check_package.py [--python python3.12] [--exact-only] [--keep DIR]
"""

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What the exact path needs: everything but the packages it never imports.
EXACT = ["numpy", "scipy", "numba", "jaxtyping", "rich", "typer", "jinja2"]
SIZES = """
import importlib.metadata as metadata
for each in metadata.distributions():
    size = sum(f.locate().stat().st_size for f in each.files or () if f.locate().is_file())
    classifiers = [c for c in each.metadata.get_all("Classifier", ()) if "License" in c]
    license = each.metadata.get("License-Expression") or "; ".join(classifiers)
    license = license or (each.metadata.get("License") or "").strip().partition(chr(10))[0][:60]
    print(each.metadata["Name"], each.version, size, license, sep="\\t")
"""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder):
    """Return the wheel, built from the sdist so that the sdist is known to be whole."""
    run(sys.executable, "-m", "build", "--outdir", folder, cwd=ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    for wanted in ("tests/conftest.py", "examples/tables/c3v_partial.csv", "LICENSE"):
        assert any(name.endswith(wanted) for name in names), f"{wanted} is not in the sdist"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for wanted in ("py.typed", "tables/data/smallgroups.jsonl", "report/templates/report.html"):
        found = [name for name in names if name.endswith(wanted.rpartition("/")[2])]
        assert found, f"{wanted} is not in the wheel"
    assert not [name for name in names if name.startswith(("tests", "examples", "docs"))]
    return wheel


def environment(python, folder, wheel, *, exact_only):
    """Return the scripts of a fresh environment with the wheel in it."""
    run(python, "-m", "venv", folder)
    scripts = folder / "bin"
    pip = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["-c", ROOT / "constraints.txt"] if sys.platform == "linux" else []
    if exact_only:
        run(*pip, *constraints, *EXACT)
        run(*pip, "--no-deps", wheel)
    else:
        run(*pip, *constraints, wheel)
    return scripts


def try_out(scripts, place):
    """Do what a newcomer does, in a folder that is not the checkout."""
    print(run(scripts / "cayley", "--version", cwd=place).strip())
    table = ROOT / "examples" / "tables" / "c3v_partial.csv"
    verdict = run(scripts / "cayley", "complete", table, "--quiet", cwd=place)
    assert "This is the group S3 (GAP 6:1)" in verdict, verdict
    print(verdict.strip())
    code = "import sys; import cayley; print('torch' in sys.modules, cayley.__file__)"
    loaded, where = run(scripts / "python", "-c", code, cwd=place).split(maxsplit=1)
    assert loaded == "False", "importing cayley loads torch"
    assert str(ROOT) not in where, where


def try_readme(scripts, place):
    """Run the Python of the README beside a copy of the tables."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (place / "examples").symlink_to(ROOT / "examples")
    for code in re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL):
        print(run(scripts / "python", "-c", code, cwd=place).strip())


def report_sizes(scripts):
    """Print what is installed and how large; fail on a package under the GPL."""
    rows = [line.split("\t") for line in run(scripts / "python", "-c", SIZES).splitlines()]
    rows = sorted(rows, key=lambda row: -int(row[2]))
    for name, version, size, license in rows:
        print(f"{int(size) / 2**20:8.1f} MiB  {name} {version}  [{license}]")
    print(f"{sum(int(row[2]) for row in rows) / 2**20:8.1f} MiB  in all")
    under_gpl = [row[0] for row in rows if re.search(r"\b(A?GPL|General Public)", row[3])]
    assert not under_gpl, f"under the GPL: {under_gpl}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="of the fresh environment")
    parser.add_argument("--exact-only", action="store_true", help="without torch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = build(place / "dist")
        scripts = environment(options.python, place / "env", wheel, exact_only=options.exact_only)
        work = place / "work"
        work.mkdir()
        try_out(scripts, work)
        if not options.exact_only:
            try_readme(scripts, work)
        report_sizes(scripts)


if __name__ == "__main__":
    main()
