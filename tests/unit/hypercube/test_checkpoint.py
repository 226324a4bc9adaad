"""A training that was cut off takes the same further steps as one that was not."""

import pytest
import torch

from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.hypercube import _checkpoint as checkpoints
from cayley.tables import generate_family, mask

SCHEDULE = TrainingSchedule(rate=0.5, max_steps=140, window=40, progress=0.02, at_rest="release")


def problem(spec="S3", observe=1.0):
    table = mask(generate_family(spec), observe=observe, seed=0)
    return ObservedProducts.from_triples(table.observations, sizes=(table.order,) * 3)


def model(order=6, **options):
    return HyperCube(order, generator=torch.Generator().manual_seed(0), **options)


def cut_off(step):
    """A callback that ends a training as a signal does."""

    def callback(reached):
        if reached.step >= step:
            raise KeyboardInterrupt

    return callback


@pytest.fixture(autouse=True)
def _written_at_every_look(monkeypatch):
    monkeypatch.setattr(checkpoints, "_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("options", "compiled"),
    [
        ({"restarts": 2}, False),
        ({"restarts": 2}, True),
        ({"shared": True}, False),
        ({"complex_factors": True}, False),
        ({"dtype": torch.float64}, False),
    ],
    ids=["restarts", "compiled", "shared", "complex", "float64"],
)
def test_a_training_goes_on_as_if_it_had_not_been_cut_off(options, compiled, tmp_path) -> None:
    observations, file = problem(), tmp_path / "state.safetensors"
    whole, parts = model(**options), model(**options)
    expected = train(whole, observations, schedule=SCHEDULE, compiled=compiled)
    for step in (17, 61):
        cut = train(
            parts, observations, schedule=SCHEDULE, compiled=compiled, checkpoint=file,
            callback=cut_off(step), report_every=1,
        )  # fmt: skip
        assert cut.reason == "interrupted" and file.exists()
        parts = model(**options)  # another process begins with the factors of the start
    steps = []
    found = train(
        parts, observations, schedule=SCHEDULE, compiled=compiled, checkpoint=file,
        callback=lambda step: steps.append(step.step),
    )  # fmt: skip
    assert 0 < steps[0] - 1 <= 61, "it begins where the file was written"
    assert found.reason == expected.reason
    torch.testing.assert_close(parts.matrices, whole.matrices, rtol=0, atol=0)
    assert found.last == expected.last or found.last.step == expected.last.step == 140
    assert not file.exists(), "what has ended is not gone on with"


def test_the_state_is_written_once_a_minute(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "_SECONDS", 60.0)
    file = tmp_path / "state.safetensors"
    schedule = TrainingSchedule(max_steps=20)
    train(
        model(), problem(), schedule=schedule, checkpoint=file,
        callback=lambda step: file.exists() and pytest.fail("written too soon"),
    )  # fmt: skip


@pytest.mark.parametrize("other", ["table", "schedule", "sizes", "seed is none of it"])
def test_the_file_of_another_training_is_refused(other, tmp_path) -> None:
    file = tmp_path / "state.safetensors"
    train(model(), problem(), schedule=SCHEDULE, checkpoint=file, callback=cut_off(20))
    changed = {
        "table": (model(), problem(observe=0.9), SCHEDULE),
        "schedule": (model(), problem(), TrainingSchedule(max_steps=140)),
        "sizes": (model(dim=5), problem(), SCHEDULE),
    }
    if other not in changed:
        fresh = HyperCube(6, generator=torch.Generator().manual_seed(1))
        train(fresh, problem(), schedule=SCHEDULE, checkpoint=file)
        return
    fresh, observations, schedule = changed[other]
    with pytest.raises(ValueError, match="is of another model, table or schedule; delete it"):
        train(fresh, observations, schedule=schedule, checkpoint=file)


def test_what_is_no_state_is_refused(tmp_path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a state")
    with pytest.raises(ValueError, match=r"notes.txt' cannot be read"):
        train(model(), problem(), checkpoint=file)
    with pytest.raises(ValueError, match="is for one process"):
        train(model(), problem(), checkpoint=file, process_group=object())  # type: ignore[arg-type]
