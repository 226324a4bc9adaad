import numpy as np

from cayley.report.figures._isotonic_regression import place_in_order


def test_places_in_order_are_the_nearest() -> None:
    source = np.random.default_rng(0)
    for _ in range(20):
        n = int(source.integers(1, 6))
        wanted, weights = source.normal(0, 5, n), source.uniform(0.5, 2, n)
        apart = source.uniform(0, 4, n - 1)
        found = np.array(place_in_order(wanted.tolist(), weights.tolist(), apart.tolist()))
        assert (np.diff(found) >= apart - 1e-9).all()

        def cost(x, wanted=wanted, weights=weights):
            return (weights * (x - wanted) ** 2).sum()

        # The problem is convex: no small allowed step in any direction lowers the cost.
        for _ in range(60):
            other = found + source.normal(0, 0.05, n)
            if (np.diff(other) >= apart).all():
                assert cost(other) >= cost(found) - 1e-9
