import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from cayley.algebra import Group
from cayley.representations import (
    Representation,
    irreducible_representations,
    load_representation,
    regular_representation,
    save_representation,
)

DTYPES = [torch.float32, torch.float64, torch.complex64, torch.complex128]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_what_is_written_comes_back_equal(dtype, named_group, random_unitary, tmp_path):
    frame = random_unitary(6, seed=0).to(dtype) if dtype.is_complex else torch.eye(6, dtype=dtype)
    regular = regular_representation(named_group("S3"), dtype=dtype)
    written = Representation(group=regular.group, matrices=frame @ regular.matrices @ frame.mH)
    path = tmp_path / "representation.safetensors"
    save_representation(written, path)
    read = load_representation(path)
    assert torch.equal(read.matrices, written.matrices)
    assert read.matrices.dtype == dtype
    assert read.group == written.group
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_metadata_name_the_group(named_group, tmp_path):
    path = tmp_path / "r.safetensors"
    save_representation(regular_representation(named_group("A4")), path)
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    assert json.loads(metadata["group"]) == "A4"
    assert json.loads(metadata["gap_id"]) == [12, 3]


def test_an_old_file_stays_if_writing_fails(named_group, tmp_path):
    with pytest.raises(OSError, match="missing"):
        save_representation(regular_representation(named_group("C2")), tmp_path / "missing" / "r")
    assert not list(tmp_path.iterdir())


def test_other_files_are_refused_by_name(named_group, tmp_path):
    path = tmp_path / "r.safetensors"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match=r"r\.safetensors: not a representation file"):
        load_representation(path)
    save_file({"matrices": torch.ones(1)}, path)
    with pytest.raises(ValueError, match="its format is None"):
        load_representation(path)
    metadata = {"format": "cayley.representation/1"}
    save_file({"matrices": torch.ones(2, 1, 1)}, path, metadata=metadata)
    with pytest.raises(ValueError, match="not a representation file"):
        load_representation(path)
    no_group = {"matrices": torch.ones(2, 1, 1), "table": torch.tensor([[0, 1], [1, 1]])}
    save_file(no_group, path, metadata=metadata)
    with pytest.raises(ValueError, match="not a Latin square"):
        load_representation(path)
    with pytest.raises(FileNotFoundError):
        load_representation(tmp_path / "none")


def test_equal_representations_give_equal_bytes(tmp_path) -> None:
    # The order in which the metadata is written is drawn anew for every map, so eight files of four
    # entries would hardly ever come out alike by chance.
    rho = irreducible_representations(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))[2]
    for number in range(8):
        save_representation(rho, tmp_path / str(number))
    assert len({(tmp_path / str(number)).read_bytes() for number in range(8)}) == 1
    assert torch.equal(load_representation(tmp_path / "0").matrices, rho.matrices)
