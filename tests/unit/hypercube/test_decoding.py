import os
import subprocess
import sys
import textwrap

import pytest
import torch

from cayley.hypercube import decode
from cayley.hypercube._functional import hypercube_product


@pytest.mark.parametrize("workspace", [1, 2**25])
def test_decoding_is_the_largest_product_of_every_cell(factors, workspace) -> None:
    A, B, C = (F[0] for F in factors((4, 3, 5), 6))
    T = hypercube_product(A, B, C).real
    decoded = decode(A, B, C, workspace_bytes=workspace)
    assert (torch.from_numpy(decoded.table) == T.argmax(-1)).all()
    ordered = T.sort(-1).values
    torch.testing.assert_close(
        torch.from_numpy(decoded.margin), ordered[..., -1] - ordered[..., -2]
    )


def test_a_single_symbol_has_no_margin() -> None:
    one = torch.ones(1, 1, 1)
    assert decode(one, one, one).margin.tolist() == [[0.0]]


@pytest.mark.slow
@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="needs Linux's /proc")
def test_memory_stays_near_its_bound() -> None:
    """In a fresh process: 43 chunks once left a hole each, 900 MiB where 32 were asked for."""
    code = """
        from pathlib import Path
        import torch
        from cayley.hypercube import decode

        def resident(name):
            lines = Path("/proc/self/status").read_text().splitlines()
            return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))

        torch.set_num_threads(1)
        A, B, C = torch.randn(3, 300, 60, 60, generator=torch.Generator().manual_seed(0))
        decode(A[:20], B[:20], C[:20])
        before = resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        decode(A, B, C)
        print(resident("VmHWM") - before)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 200
