"""Prose that ships with Python: docstrings of its library, and the language reference of pydoc.

Words are those of one Python release; another has slightly different ones.
"""

import ast
import functools
import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor

__all__ = [
    "HALF",
    "MASK",
    "TESTING",
    "TOPICS",
    "TRAINING",
    "VALIDATION",
    "Corpus",
    "corpus",
    "framed",
    "of_texts",
]

REFERENCE = "reference"
TOPICS = (REFERENCE, "asyncio", "email", "http", "importlib", "logging", "unittest", "xml")
"""Of each there are 9,000 words or more, so that the task of topics has classes of one size."""
_OTHERS = (
    *("argparse.py", "configparser.py", "difflib.py", "doctest.py", "inspect.py", "ipaddress.py"),
    *("json", "multiprocessing", "pdb.py", "pickletools.py", "smtplib.py", "statistics.py"),
    *("threading.py", "typing.py", "urllib", "_pyio.py"),
)

OTHER, MASK, _START, _BETWEEN = range(4)
"""Tokens that are no words: a rare word, a hidden one, the start, and between both halves."""
_SPECIAL = 4
HALF = 23
"""Words of half a passage; with start and separator a passage has 48 tokens."""
_BLOCK = 10 * HALF  # consecutive words that go to training, validation or testing together

# Of ten blocks six are for training, one chooses learning rates, three are for testing.
TRAINING, VALIDATION, TESTING = range(6), range(6, 7), range(7, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Text as tokens.

    Attributes:
        blocks: For each source consecutive blocks of words, shape ``(blocks, words)``, int64.
        symbols: How many tokens there are.
    """

    blocks: dict[str, Tensor]
    symbols: int

    def part(self, source: str, folds: range) -> Tensor:
        """Return the blocks of a source whose number, modulo 10, is among ``folds``."""
        blocks = self.blocks[source]
        return blocks[[index for index in range(len(blocks)) if index % 10 in folds]]

    def windows(self, source: str, folds: range) -> Tensor:
        """Return these blocks cut into passages, shape ``(passages, 2 * HALF)``."""
        return self.part(source, folds).reshape(-1, 2 * HALF)


def framed(windows: Tensor) -> Tensor:
    """Return windows with a start, and a separator between their halves."""
    start, between = (torch.full((len(windows), 1), each) for each in (_START, _BETWEEN))
    return torch.cat([start, windows[:, :HALF], between, windows[:, HALF:]], 1)


@functools.cache
def corpus(most_words: int = 2000) -> Corpus:
    """Return the text of this Python, in its ``most_words`` most frequent words.

    Raises:
        ValueError: If the library's source is not there.
    """
    texts = {REFERENCE: "\n".join(import_module("pydoc_data.topics").topics.values())}
    root = Path(sysconfig.get_path("stdlib"))
    for name in (*TOPICS[1:], *_OTHERS):
        texts[name.removesuffix(".py")] = "\n".join(_docstrings(root / name))
    return of_texts(texts, most_words)


def of_texts(texts: dict[str, str], most_words: int) -> Corpus:
    """Return texts as blocks of tokens; words and signs are tokens, capitals are not kept."""
    words = {
        name: re.findall(r"[a-z]+|[0-9]+|[^\sa-z0-9]", text.lower()) for name, text in texts.items()
    }
    counts = Counter(word for each in words.values() for word in each)
    # Of equally frequent words the first in the alphabet: the same on every machine.
    known = sorted(counts, key=lambda word: (-counts[word], word))[:most_words]
    token = {word: index + _SPECIAL for index, word in enumerate(known)}
    blocks = {}
    for name, each in words.items():
        whole = len(each) - len(each) % _BLOCK
        tokens = torch.tensor([token.get(word, OTHER) for word in each[:whole]])
        blocks[name] = tokens.reshape(-1, _BLOCK)
    return Corpus(blocks=blocks, symbols=len(known) + _SPECIAL)


def _docstrings(place: Path) -> Iterator[str]:
    """Yield the docstrings of a module, or of all modules of a package."""
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    if not files or not files[0].is_file():
        raise ValueError(f"{place}: the source of Python's library is needed and is not there.")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield ast.get_docstring(node) or ""
