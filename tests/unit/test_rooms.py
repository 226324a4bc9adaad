import subprocess
import sys

from cayley import algebra


def test_every_public_name_is_there_and_documented():
    assert sorted(algebra.__all__) == algebra.__all__
    for name in algebra.__all__:
        value = getattr(algebra, name)
        assert value.__doc__, name


def test_importing_the_room_imports_no_torch_and_nothing_that_draws():
    code = (
        "import sys, cayley.algebra\n"
        "cayley.algebra.identify([[0, 1], [1, 0]])\n"
        "heavy = {'torch', 'scipy', 'numba', 'matplotlib', 'rich', 'typer'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
