"""Make the observations in examples/actions.

Run from the repository root: python scripts/generate_example_actions.py [--check]
The output is the same on every machine. examples/actions/README.md says where each comes from. With
`--check` nothing is written; the files in place must equal what would be.
"""

import csv
import io
import itertools
import sys
from pathlib import Path

import numpy as np
from shipped_file import write_or_check

OUT = Path(__file__).resolve().parents[1] / "examples" / "actions"

NAMES = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"]


def write(name: str, header: list[str], rows: list[list[object]]) -> int:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return write_or_check(OUT / name, file.getvalue())


def triads() -> int:
    """P, L and R on major and minor triads: 80 % seen, four of them wrongly."""
    rng = np.random.default_rng(3)
    states = [name + mode for mode in ("", "m") for name in NAMES]

    def image(x: int, action: str) -> int:
        root, minor = x % 12, x // 12
        shift = {"P": 0, "L": 4, "R": 9}[action] * (-1 if minor else 1)
        return (root + shift) % 12 + 12 * (1 - minor)

    seen = [(x, a, image(x, a)) for x in range(24) for a in "PLR" if rng.random() < 0.8]
    for i in rng.choice(len(seen), 4, replace=False).tolist():
        x, a, y = seen[i]
        seen[i] = (x, a, int((y + rng.integers(1, 24)) % 24))
    order = rng.permutation(len(seen)).tolist()
    return write(
        "triads.csv",
        ["state", "action", "next"],
        [[states[seen[i][0]], seen[i][1], states[seen[i][2]]] for i in order],
    )


def ammonia() -> int:
    """Points in space before and after C3 and a mirror of ammonia, measured with errors."""
    rng = np.random.default_rng(4)
    c, s = np.cos(2 * np.pi / 3), np.sin(2 * np.pi / 3)
    moves = {
        "C3": np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]),
        "mirror": np.diag([1.0, -1.0, 1.0]),
    }
    rows: list[list[object]] = []
    for i in range(60):
        name = ("C3", "mirror")[i % 2]
        before = rng.normal(size=3)
        after = before @ moves[name] + 0.02 * rng.normal(size=3)
        if i in (7, 22, 41):  # filed under the wrong name
            name = {"C3": "mirror", "mirror": "C3"}[name]
        rows.append([name, *np.round(before, 3), *np.round(after, 3)])
    header = ["action", *(f"{when}_{c}" for when in ("before", "after") for c in "xyz")]
    return write("ammonia_vectors.csv", header, rows)


def pocket_cube() -> int:
    """Colors of the 24 stickers of a 2x2x2 cube before and after quarter turns."""
    rng = np.random.default_rng(5)
    stickers, moves = pocket_cube_moves()
    state = np.array([2 * np.argmax(np.abs(n)) + (sum(n) > 0) for _, n in stickers])
    rows: list[list[object]] = []
    for _ in range(120):
        name = list(moves)[rng.integers(6)]
        after = np.empty_like(state)
        after[moves[name]] = state
        rows.append([name, *state, *after])
        state = after
    header = ["action", *(f"{when}{i + 1}" for when in ("before", "after") for i in range(24))]
    return write("pocket_cube.csv", header, rows)


def pocket_cube_moves() -> tuple[list[tuple[tuple[int, ...], tuple[int, ...]]], dict]:
    """Return the stickers (corner, face) and where each clockwise quarter turn takes them."""
    stickers = [
        (corner, tuple(corner[i] if i == axis else 0 for i in range(3)))
        for corner in itertools.product((-1, 1), repeat=3)
        for axis in range(3)
    ]
    place = {sticker: i for i, sticker in enumerate(stickers)}
    moves = {}
    for name, axis, side in zip("LRDUBF", (0, 0, 1, 1, 2, 2), (-1, 1) * 3, strict=True):
        turn = np.zeros((3, 3), int)
        turn[axis, axis] = 1
        i, j = (axis + 1) % 3, (axis + 2) % 3
        turn[j, i], turn[i, j] = -side, side
        images = []
        for corner, face in stickers:
            moved = corner, face
            if corner[axis] == side:
                moved = tuple((turn @ corner).tolist()), tuple((turn @ face).tolist())
            images.append(place[moved])
        moves[name] = np.array(images)
    return stickers, moves


if __name__ == "__main__":
    sys.exit(max([triads(), ammonia(), pocket_cube()]))
