import numpy as np
import torch

from cayley.algebra import Isotopism, find_isotopism, identify
from cayley.experiments.baselines._autoencoder import _relabel
from cayley.experiments.baselines._completer import Prediction
from cayley.experiments.baselines._transformer import DecoderTransformer, positional_encoding
from cayley.experiments.baselines._tuning import TunedCompleter, hold_out
from cayley.tables import UNKNOWN, Table, generate_family, isotope, mask


def test_the_decoder_sees_no_future() -> None:
    torch.manual_seed(0)
    net = DecoderTransformer(12)
    first = torch.randint(12, (4, 5))
    second = first.clone()
    second[:, 3:] = (second[:, 3:] + 1) % 12
    assert torch.allclose(net(first)[:, :3], net(second)[:, :3], atol=1e-6)
    assert not torch.allclose(net(first)[:, 3:], net(second)[:, 3:])


def test_the_decoder_has_the_published_size() -> None:
    net = DecoderTransformer(100)
    block = 4 * 128 * 128 + (128 * 512 + 512) + (512 * 128 + 128) + 4 * 128
    assert sum(p.numel() for p in net.parameters()) == 2 * block + 2 * 100 * 128


def test_positions_are_sines_and_cosines() -> None:
    encoding = positional_encoding(7, 128).numpy()
    for t, k in ((0, 0), (3, 10), (6, 63)):
        angle = t / 10000 ** (2 * k / 128)
        np.testing.assert_allclose(
            encoding[t, 2 * k : 2 * k + 2], [np.sin(angle), np.cos(angle)], atol=1e-6
        )


def test_a_relabeled_group_is_the_same_group() -> None:
    random = np.random.default_rng(0)
    table = generate_family("D8")
    renamed = _relabel(table.array, table, random)
    found = find_isotopism(renamed)
    assert isinstance(found, Isotopism)
    assert identify(found.group).name == "D8"
    one = int(np.flatnonzero((renamed == np.arange(8)).all(1))[0])  # still has an identity
    assert (renamed[:, one] == np.arange(8)).all()
    apart = _relabel(table.array, isotope(table, seed=0), random)
    assert isinstance(find_isotopism(apart), Isotopism)


def test_hidden_cells_stay_hidden_when_relabeled() -> None:
    table = mask(generate_family("S3"), observe=0.5, seed=0)
    assert (_relabel(table.array, table, np.random.default_rng(1)) < 0).sum() == 18


class Constant:
    """Answers one symbol, and notes what it was shown."""

    def __init__(self, symbol: int) -> None:
        self.symbol, self.seen = symbol, []

    def complete(self, table, *, seed, budget, callback=None) -> Prediction:
        self.seen.append((table.num_observed, budget))
        return Prediction(table=np.full(table.array.shape, self.symbol), steps=1, reason="steps")


def test_tuning_chooses_by_cells_held_out_of_the_known_ones() -> None:
    from cayley.experiments.baselines import Budget

    array = np.full((6, 6), 1)
    array[0, :] = UNKNOWN  # what is hidden from the method holds other symbols
    table = Table(rows=tuple("abcdef"), columns=tuple("abcdef"), symbols=("x", "y"), array=array)
    settings = (Constant(0), Constant(1))
    tuned = TunedCompleter(settings=settings, share=0.2)
    found = tuned.complete(table, seed=0, budget=Budget(steps=30, seconds=9.0))
    assert found.verdict == "setting 2 of 2"
    assert settings[0].seen == [(24, Budget(steps=10, seconds=3.0))]
    assert [shown for shown, _ in settings[1].seen] == [24, 30]  # held out, then all


def test_held_out_cells_come_from_the_known_ones() -> None:
    table = mask(generate_family("S3"), observe=0.5, seed=0)
    seen, hidden = hold_out(table, share=0.25, seed=1)
    assert len(hidden) == round(0.25 * 18)
    assert all(table.array[a, b] >= 0 and seen.array[a, b] < 0 for a, b in hidden)
    assert seen.num_observed + len(hidden) == 18
