"""The device that the learned solvers compute on: its name checked, and found where it is open.

PyTorch is imported only where a GPU is asked for, or looked for: exact deduction does without it.
"""

import re

__all__ = ["check_device", "found_device"]

_NAMES = re.compile(r"cpu|auto|cuda(:\d+)?")


def check_device(name: str) -> None:
    """Raise unless a device of this name can be used here.

    Raises:
        ValueError: If the name is not known, or there is no such GPU.

    Example:
        >>> check_device("cpu")
    """
    if not isinstance(name, str) or not _NAMES.fullmatch(name):
        raise ValueError(f"`device` must be 'cpu', 'cuda', 'cuda:N' or 'auto'; got {name!r}.")
    if name.startswith("cuda"):
        _check_gpu(name)


def found_device(name: str) -> str:
    """Return the name of a device that is there: ``auto`` is a GPU where PyTorch finds one.

    Raises:
        ValueError: As :func:`check_device` does.

    Example:
        >>> found_device("cpu")
        'cpu'
    """
    check_device(name)
    if name != "auto":
        return name
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _check_gpu(name: str) -> None:
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    number = int(name.partition(":")[2] or 0)
    if number < count:
        return
    if count:
        found = f"PyTorch finds {count}, numbered from 0"
    elif torch.version.cuda is None:
        found = f"PyTorch {torch.__version__} was built without CUDA"
    else:
        found = f"PyTorch {torch.__version__} finds none here"
    raise ValueError(
        f"`device` {name!r} asks for a GPU, and {found}. Use 'cpu', or 'auto' for a GPU where "
        "there is one."
    )
