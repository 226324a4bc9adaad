import numpy as np
import pytest

from cayley.hypercube import measure_complexity
from cayley.tables import generate_family


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ("S3", 3.0),
        ("C5", 3.0),
        ("Q8", 3.0),
        ("S3:aba^-1", 3.00),
        pytest.param("S3:aba", 3.40, marks=pytest.mark.slow),  # the longest training of them
        ("mod7:a^2+b^2", 2.96),
        pytest.param("mod7:a^2+ab+b^2", 4.35, marks=pytest.mark.slow),
    ],
)
def test_values_are_those_measured_elsewhere(spec: str, value: float) -> None:
    """Values at convergence of an independent implementation (groups: 3 by theorem)."""
    found = measure_complexity(generate_family(spec).array)
    assert found.value == pytest.approx(value, rel=0.03)
    assert found.value == min(found.values)
    assert found.reason == "converged"
    if value == 3.0 and spec in ("S3", "C5", "Q8"):
        assert found.value == pytest.approx(3, abs=1e-3)


def test_a_quasigroup_that_is_no_isotope_of_a_group_lies_above_three() -> None:
    """Order 5: one Latin square of its two main classes is no isotope of C5."""
    table = np.array(
        [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]]
    )
    found = measure_complexity(table)
    assert 3.05 < found.value < 5


def test_an_interrupted_measurement_has_no_value() -> None:
    found = measure_complexity(generate_family("S3").array, callback=lambda step: step.step == 3)
    assert (found.value, found.values, found.reason) == (float("inf"), (), "stopped")


def test_errors_say_what_is_wrong() -> None:
    for table in (np.array([[0, 1]]), np.array([[-1]]), np.array([[1]])):
        with pytest.raises(ValueError, match="`table` must be square"):
            measure_complexity(table)
