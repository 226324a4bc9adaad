"""An operation as a data set of equations, tokenized as in the literature on grokking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor
from torch.utils.data import Dataset

from cayley._shapes import Int
from cayley.tables import Table, mask

__all__ = ["OperationDataset", "Vocabulary"]

END, EQUALS, OPERATOR = "<|eos|>", "=", "o"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Tokens of a table: three marks, then every label once.

    Where rows, columns and symbols share one alphabet, a label is one token wherever it stands,
    as with residues or permutations; otherwise the three alphabets have tokens of their own.

    Attributes:
        tokens: Text of every token, at the place of its number.
        left: Token of every row, in the order of the table.
        right: Token of every column.
        result: Token of every symbol.

    Example:
        >>> Vocabulary.of(Table.from_array([[0, 1], [1, 0]])).tokens
        ('<|eos|>', '=', 'o', '0', '1')
    """

    tokens: tuple[str, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    result: tuple[int, ...]

    @classmethod
    def of(cls, table: Table) -> "Vocabulary":
        """Number the labels of a table."""
        tokens = [END, EQUALS, OPERATOR]

        def number(labels: Sequence[str]) -> tuple[int, ...]:
            start = len(tokens)
            tokens.extend(labels)
            return tuple(range(start, len(tokens)))

        left = number(table.rows)
        if table.has_one_alphabet:
            places = dict(zip(table.rows, left, strict=True))
            right, result = (
                tuple(places[label] for label in labels)
                for labels in (table.columns, table.symbols)
            )
        else:
            right, result = number(table.columns), number(table.symbols)
        return cls(tokens=tuple(tokens), left=left, right=right, result=result)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, triples: Int[Tensor, "m 3"]) -> Int[Tensor, "m 3"]:
        """Return the tokens of triples ``(row, column, symbol)`` of indices.

        Example:
            >>> words = Vocabulary.of(Table.from_array([[0, 1], [1, 0]]))
            >>> words.encode(torch.tensor([[0, 1, 1]])).tolist()
            [[3, 4, 4]]
        """
        maps = (self.left, self.right, self.result)
        return torch.stack([torch.tensor(m)[triples[:, k]] for k, m in enumerate(maps)], dim=1)

    def decode(self, tokens: Sequence[int]) -> str:
        """Return tokens as text.

        Example:
            >>> words = Vocabulary.of(Table.from_array([[0, 1], [1, 0]]))
            >>> words.decode([0, 3, 2, 4, 1, 4, 0])
            '<|eos|> 0 o 1 = 1 <|eos|>'
        """
        return " ".join(self.tokens[token] for token in tokens)


class OperationDataset(Dataset[tuple[Tensor, ...] | Tensor]):
    """The known products of a table, as triples or as equations of tokens.

    Item i is ``(left, right, result)``, three token numbers; or, in the form ``equation``, the
    seven tokens ``<|eos|> a o b = c <|eos|>``, of which a model is trained and judged on c, the
    one after ``=``.

    Args:
        table: The table; unknown cells are left out, repeated observations are repeated.
        vocabulary: Token numbers; those of the table by default. Give the training set's to a test
            set of other labels.
        form: What an item is.

    Attributes:
        indices: Row, column and symbol of every item as indices, shape ``(m, 3)``, int64.
        triples: The same as tokens, shape ``(m, 3)``, int64.
        equations: All equations, shape ``(m, 7)``, int64.

    Raises:
        ValueError: If nothing in the table is known, or ``form`` is neither.

    Example:
        >>> from cayley.tables import generate_family
        >>> train, test = OperationDataset.split(generate_family("mod97:a+b"), observe=0.3, seed=0)
        >>> len(train), len(test), len(train.vocabulary)
        (2823, 6586, 100)
        >>> train.vocabulary.decode(train.equations[5].tolist())
        '<|eos|> 0 o 31 = 31 <|eos|>'
        >>> loader = torch.utils.data.DataLoader(train, batch_size=512, shuffle=True)
        >>> left, right, result = next(iter(loader))

    References:
        Power et al. (2022), "Grokking: generalization beyond overfitting on small algorithmic
        datasets", arXiv:2201.02177, section 2 and appendix A.1.
    """

    def __init__(
        self,
        table: Table,
        *,
        vocabulary: Vocabulary | None = None,
        form: Literal["triple", "equation"] = "triple",
    ) -> None:
        if form not in ("triple", "equation"):
            raise ValueError(f"`form` must be 'triple' or 'equation'; got {form!r}.")
        if not len(table.observations):
            raise ValueError("`table` must have at least one known cell.")
        self.table, self.form = table, form
        self.vocabulary = Vocabulary.of(table) if vocabulary is None else vocabulary
        self.indices = torch.tensor(table.observations, dtype=torch.int64)
        self.triples = self.vocabulary.encode(self.indices)
        words = self.vocabulary.tokens
        end, operator, equals = (
            torch.full((len(self),), words.index(mark)) for mark in (END, OPERATOR, EQUALS)
        )
        a, b, c = self.triples.unbind(1)
        self.equations = torch.stack([end, a, operator, b, equals, c, end], dim=1)

    @classmethod
    def split(
        cls,
        table: Table,
        *,
        observe: float,
        seed: int,
        form: Literal["triple", "equation"] = "triple",
    ) -> tuple["OperationDataset", "OperationDataset"]:
        """Split the known cells into those to train on and the others, to test on.

        The first has exactly the cells of ``cayley.tables.mask(table, observe=..., seed=...)``,
        which every benchmark of this library uses.

        Raises:
            ValueError: If one of the two would be empty.
        """
        seen = mask(table, observe=observe, seed=seed)
        hidden = table.array.copy()
        hidden[seen.array >= 0] = -1
        if (hidden < 0).all():
            raise ValueError(f"`observe` of {observe} leaves no cell to test on.")
        vocabulary = Vocabulary.of(table)
        rest = Table(rows=table.rows, columns=table.columns, symbols=table.symbols, array=hidden)
        return (
            cls(seen, vocabulary=vocabulary, form=form),
            cls(rest, vocabulary=vocabulary, form=form),
        )

    def __len__(self) -> int:
        return len(self.triples)

    def __getitem__(self, index: Any) -> tuple[Tensor, ...] | Tensor:
        if self.form == "equation":
            return self.equations[index]
        return self.triples[index].unbind()
