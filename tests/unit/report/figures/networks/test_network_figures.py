"""The pictures of networks say what the explanation says, and one door leads to all of them."""

import numpy as np
import pytest

from cayley.hypercube import HyperCube
from cayley.interpretation import EnergyRecorder, explain
from cayley.report import draw_picture
from cayley.report.figures.drawing._marks import Circle, Label, Rectangle
from cayley.report.figures.networks._network_figures import NETWORK_FIGURES
from cayley.report.figures.networks._neuron_cosets import clearest_neuron, neuron_picture
from cayley.report.figures.networks._part_energies import part_energies_picture
from cayley.tables import generate_family


@pytest.fixture(scope="module")
def waves():
    """A network of two frequencies on C31 with a neuron for each phase of each."""
    p, frequencies = 31, [4, 9]
    a, b, c = np.ogrid[:p, :p, :p]
    logits = sum(np.cos(2 * np.pi * k * (a + b - c) / p) for k in frequencies)
    turns = 2 * np.pi * np.arange(p)[:, None] * frequencies / p
    wave = np.hstack([np.cos(turns), np.sin(turns)])
    return explain({"logits": logits, "left": wave, "neurons": wave[:, None] + wave})


@pytest.fixture(scope="module")
def cosets():
    """A neuron on S4 that goes by cosets of a subgroup of order 6."""
    table = generate_family("S4")
    group = np.eye(24)[table.array]
    left = (np.arange(24) // 6).astype(float)  # the first six are a subgroup, and its right cosets
    neurons = left[:, None, None] + 2 * left[None, :, None]
    return explain({"logits": group, "neurons": neurons})


def test_claimed_parts_are_solid_and_as_long_as_their_share(waves):
    drawing = part_energies_picture(waves)
    bars = [mark for mark in drawing.marks if isinstance(mark, Rectangle)]
    solid = [bar for bar in bars if bar.style.opacity == 1]
    assert len(solid) == 2
    # Both have half of the energy, so both reach the end of the scale.
    assert solid[0].width == pytest.approx(solid[1].width, rel=1e-3)
    assert {bar.hint.split(",")[1].strip().split(":")[0] for bar in solid} == {
        "frequency 4",
        "frequency 9",
    }
    assert "frequency 4 50 %" in drawing.description


def test_elements_of_a_cyclic_group_stand_by_the_frequency_of_the_neuron(waves):
    """In that order a wave of any frequency is one period: its dots go down once and up once."""
    drawing = neuron_picture(waves, neuron=1)
    dots = [mark for mark in drawing.marks if isinstance(mark, Circle)]
    first = np.array([dot.y for dot in sorted(dots[:31], key=lambda dot: dot.x)])
    turns = np.sign(np.diff(first))
    assert (turns[1:] != turns[:-1]).sum() <= 2
    assert any("frequency 9" in m.text for m in drawing.marks if isinstance(m, Label))


def test_elements_of_one_coset_stand_on_one_ground(cosets):
    place = clearest_neuron(cosets)
    drawing = neuron_picture(cosets)
    grounds = [mark for mark in drawing.marks if isinstance(mark, Rectangle)]
    dots = [mark for mark in drawing.marks if isinstance(mark, Circle)]
    coset = cosets.neurons[place].cosets[0]
    assert coset.is_function_of_coset
    for ground in grounds:
        inside = [d.y for d in dots if ground.x <= d.x < ground.x + ground.width
                  and ground.y <= d.y <= ground.y + ground.height]  # fmt: skip
        assert len(inside) == coset.order
        assert max(inside) - min(inside) < 0.5
    assert f"|H| = {coset.order}" in drawing.description


def test_energies_over_training_end_with_their_names():
    recorder = EnergyRecorder(HyperCube(6), 6, group=generate_family("S3"))
    with pytest.raises(ValueError, match="at least two steps"):
        recorder(0)
        draw_picture("energies-over-training", recorder)
    recorder(10)
    picture = draw_picture("energies-over-training", recorder, of="right")
    assert "right answers" in picture.description
    assert picture.svg.startswith("<svg")
    with pytest.raises(ValueError, match="`of` must be what was recorded"):
        draw_picture("energies-over-training", recorder, of="middle")


def test_all_are_drawn_by_their_names_and_refuse_what_they_cannot_show(waves, tmp_path):
    for kind in ("part-energies", "neuron"):
        draw_picture(kind, waves).save(tmp_path / f"{kind}.svg")
        with pytest.raises(TypeError, match="shows an Explanation"):
            draw_picture(kind, [[0]])
    with pytest.raises(TypeError, match="shows an EnergyRecorder"):
        draw_picture("energies-over-training", waves)
    with pytest.raises(ValueError, match="takes no option `of`"):
        draw_picture("neuron", waves, of="left")
    with pytest.raises(ValueError, match=r"must be one of 0\.\.3; got 9"):
        draw_picture("neuron", waves, neuron=9)
    nothing = explain({"logits": np.eye(3)[[[0, 1, 2], [1, 2, 0], [2, 0, 1]]]})
    for kind, why in (("part-energies", "no energies"), ("neuron", "no neurons")):
        with pytest.raises(ValueError, match=why):
            draw_picture(kind, nothing)
    assert set(NETWORK_FIGURES) == {"part-energies", "neuron", "energies-over-training"}
