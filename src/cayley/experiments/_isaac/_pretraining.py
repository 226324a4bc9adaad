"""An encoder that learns to name hidden words, once, and is then kept in a file."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor, nn
from torch.nn import functional as F

from cayley._files import replace_file
from cayley._random import stream_seed
from cayley.experiments._isaac._architecture import Encoder, draw_weights
from cayley.experiments._isaac._corpus import HALF, MASK, TRAINING, VALIDATION, Corpus, framed

__all__ = ["Pretraining", "pretrain", "pretrained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretraining:
    """Size of the encoder, and how long it learns."""

    width: int = 64
    heads: int = 4
    layers: int = 2
    steps: int = 2500
    batch: int = 32
    rate: float = 2e-3
    hidden: float = 0.15  # share of tokens, as in BERT; all of them become the mask here

    def encoder(self, symbols: int) -> Encoder:
        """Return an encoder of this size."""
        return Encoder(
            symbols, context=2 * HALF + 2, width=self.width, heads=self.heads, layers=self.layers
        )


def pretrain(
    text: Corpus, settings: Pretraining, report: Callable[[float, str], None]
) -> dict[str, Tensor]:
    """Return the weights of an encoder trained on the training blocks of a text, and its ``loss``.

    The loss is that per hidden word of the validation blocks, in nats. AdamW; the rate rises over
    a twentieth of the steps and falls linearly to zero.
    """
    draws = torch.Generator().manual_seed(stream_seed(0, "pretraining"))
    encoder = settings.encoder(text.symbols)
    draw_weights(encoder, draws)
    bias = nn.Parameter(torch.zeros(text.symbols))
    optimizer = torch.optim.AdamW([*encoder.parameters(), bias], lr=settings.rate)
    rise = max(1, settings.steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / rise, 1.0) * (1 - step / settings.steps)
    )

    def loss_on(windows: Tensor) -> Tensor:
        tokens = framed(windows)
        hidden = torch.rand(tokens.shape, generator=draws) < settings.hidden
        states = encoder(tokens.masked_fill(hidden, MASK))[hidden]
        # The embedding of a word is its row of the output, as in BERT.
        return F.cross_entropy(F.linear(states, encoder.embed.weight, bias), tokens[hidden])

    # Every passage of a training block, wherever it begins.
    blocks = torch.cat([text.part(name, TRAINING) for name in text.blocks])
    windows = blocks.unfold(1, 2 * HALF, 1)
    for step in range(settings.steps):
        block, start = (
            torch.randint(size, (settings.batch,), generator=draws) for size in windows.shape[:2]
        )
        optimizer.zero_grad()
        loss = loss_on(windows[block, start])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 20 == 0:
            report(0.0, f"pretraining {step / settings.steps:.0%}, loss {float(loss.detach()):.2f}")
    with torch.no_grad():
        loss = loss_on(torch.cat([text.windows(name, VALIDATION) for name in text.blocks]))
    return {**encoder.state_dict(), "loss": loss}


def pretrained(
    text: Corpus, settings: Pretraining, report: Callable[[float, str], None]
) -> dict[str, Tensor]:
    """Return what :func:`pretrain` returns, from the file in which it was kept before.

    The file is in ``$XDG_CACHE_HOME/cayley``, or ``~/.cache/cayley``; its name depends on the text
    and the settings. Where it cannot be written, every run trains its own.
    """
    content = hashlib.blake2b(repr(settings).encode(), digest_size=8)
    for name in sorted(text.blocks):
        content.update(text.blocks[name].numpy().tobytes())
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cayley"
    file = folder / f"isaac-encoder-{content.hexdigest()}.safetensors"
    if file.is_file():
        return load(file.read_bytes())
    weights = pretrain(text, settings, report)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(file, save(weights))
    return weights
