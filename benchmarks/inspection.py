"""Times `inspect` on full tables of orders 24 to 720, after loading.

Run with ``python benchmarks/inspection.py``. Prints processor and wall-clock seconds, the least of
three; goals are 0.2 s at order 24, 1 s at order 120 and 5 s at order 720.
"""

import time

from cayley.completion import inspect_table
from cayley.tables import generate_family

TABLES = ["24:3", "24:11", "S4", "S5", "mod120:ab", "D120", "D720", "S6"]


def main() -> None:
    inspect_table(generate_family("C3"))  # loads what is needed
    for name in TABLES:
        table = generate_family(name)
        taken = []
        for _ in range(3):
            processor, clock = time.process_time(), time.perf_counter()
            inspect_table(table).to_document()
            taken.append((time.process_time() - processor, time.perf_counter() - clock))
        processor, clock = map(min, zip(*taken, strict=True))
        print(f"{name:12} {processor:7.3f} s of the processor  {clock:7.3f} s")


if __name__ == "__main__":
    main()
