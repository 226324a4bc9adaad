import pytest
import torch

from cayley._device import check_device, found_device
from cayley.completion import solve


def test_what_is_there_is_taken() -> None:
    assert found_device("cpu") == "cpu"
    assert found_device("auto") == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["gpu", "CUDA", "cuda:", "mps", "", 0])
def test_other_names_are_refused(name: object) -> None:
    with pytest.raises(ValueError, match=r"`device` must be 'cpu', 'cuda', 'cuda:N' or 'auto'"):
        check_device(name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "cuda", "says"),
    [
        (0, None, "was built without CUDA"),
        (0, "12.8", "finds none here"),
        (1, "12.8", "PyTorch finds 1, numbered from 0"),
    ],
)
def test_a_gpu_that_is_not_there_is_said_before_the_search(monkeypatch, count, cuda, says) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    monkeypatch.setattr(torch.version, "cuda", cuda)
    with pytest.raises(ValueError, match=says) as error:
        solve([[0, 1], [1, None]], device="cuda:1")
    assert "'auto'" in str(error.value)
