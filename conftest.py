"""Leaves out of the run what needs an extra that is not installed."""

from importlib.util import find_spec

_NEEDS_STARLETTE = ["_api", "_guard"]
_NEEDS_TRITON = ["_adjoint_triton", "_triton_kernel"]

collect_ignore = [
    # Importing it warms the caches of a process of the studio, which takes seconds.
    "src/cayley/studio/_warm.py",
    *(
        []
        if find_spec("starlette")
        else [f"src/cayley/studio/{name}.py" for name in _NEEDS_STARLETTE]
    ),
    *(
        []
        if find_spec("triton")
        else [f"src/cayley/spiking/adjoint/{name}.py" for name in _NEEDS_TRITON]
    ),
]
