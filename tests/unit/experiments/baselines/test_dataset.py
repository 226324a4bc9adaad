import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from cayley.experiments.baselines import OperationDataset
from cayley.experiments.baselines._dataset import Vocabulary
from cayley.tables import Table, generate_family, isotope, mask


def test_a_split_has_the_cells_of_mask_and_the_rest() -> None:
    table = generate_family("S3")
    train, test = OperationDataset.split(table, observe=0.6, seed=4)
    shown = mask(table, observe=0.6, seed=4)
    assert {tuple(t) for t in train.indices.tolist()} == {tuple(t) for t in shown.observations}
    both = torch.cat([train.indices, test.indices])
    assert len(both) == 36
    assert {tuple(t) for t in both.tolist()} == {
        (a, b, int(table.array[a, b])) for a in range(6) for b in range(6)
    }
    other, _ = OperationDataset.split(table, observe=0.6, seed=5)
    assert set(map(tuple, other.indices.tolist())) != set(map(tuple, train.indices.tolist()))


def test_equations_read_as_they_are_written() -> None:
    data = OperationDataset(generate_family("mod5:a-b"))
    for tokens in data.equations.tolist():
        end, a, operator, b, equals, c, last = data.vocabulary.decode(tokens).split()
        assert (end, operator, equals, last) == ("<|eos|>", "o", "=", "<|eos|>")
        assert int(c) == (int(a) - int(b)) % 5


def test_one_alphabet_is_one_set_of_tokens_and_three_are_three() -> None:
    table = generate_family("S3")
    assert len(Vocabulary.of(table)) == 3 + 6
    assert len(Vocabulary.of(isotope(table, seed=0))) == 3 + 18


def test_columns_in_another_order_keep_their_tokens() -> None:
    table = Table(
        rows=("x", "y"), columns=("y", "x"), symbols=("x", "y"), array=np.array([[1, 0], [0, 1]])
    )
    words = Vocabulary.of(table)
    assert [words.tokens[i] for i in words.right] == ["y", "x"]
    data = OperationDataset(table)
    assert words.decode(data.equations[0].tolist()) == "<|eos|> x o y = y <|eos|>"


@pytest.mark.parametrize("form", ["triple", "equation"])
def test_it_goes_through_a_loader(form) -> None:
    data = OperationDataset(generate_family("C5"), form=form)
    batches = list(DataLoader(data, batch_size=10))
    rows = torch.cat([b if form == "equation" else torch.stack(b, dim=1) for b in batches])
    assert torch.equal(rows, data.equations if form == "equation" else data.triples)


def test_errors() -> None:
    with pytest.raises(ValueError, match="leaves no cell to test on"):
        OperationDataset.split(generate_family("C3"), observe=1.0, seed=0)
    with pytest.raises(ValueError, match="at least one known cell"):
        OperationDataset(Table.from_array([[-1, -1], [-1, -1]]))
    with pytest.raises(ValueError, match="`form` must be"):
        OperationDataset(generate_family("C3"), form="pairs")  # type: ignore[arg-type]
