"""The forward pass and its adjoint compiled for one CPU core, in float32.

The gate is 0 outside the active zone, so that a neuron there neither releases charge nor passes
gradient through its synapses; leaving it out is exact. Dense work (membranes, gates, filters)
runs over ``batch x neurons`` at once; sparse work visits the pairs in the active zone, four at a
time. ``weights[k, j, i]`` goes from neuron j to i: the transpose of the layer's.

Both sweeps are compiled when they are first needed, for the membrane, the gate and the number of
synapses at hand.
"""

import math
from collections.abc import Callable
from functools import lru_cache, reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.spiking.adjoint._vector_code import (
    Array,
    Code,
    Place,
    Value,
    absolute,
    floor,
    larger,
    smaller,
    where,
)

__all__ = [
    "BOX",
    "COSINE",
    "LIF",
    "LIF_SUBTRACT",
    "LIF_ZERO",
    "NIF",
    "NIF_ZERO",
    "POLYNOMIAL",
    "QIF",
    "adjoint_kernel",
    "forward_kernel",
]

QIF, NIF, LIF, NIF_ZERO, LIF_SUBTRACT, LIF_ZERO = 0, 1, 2, 3, 4, 5
POLYNOMIAL, COSINE, BOX = 0, 1, 2

# Four pairs at once save loads and stores; what is left over is done one by one.
_GROUPS = (4, 1)

# sin(pi w) = w P(w^2) and cos(pi w) = C(w^2) on |w| <= 1/2, to 1e-8: least squares in Chebyshev
# polynomials, evaluated as powers. (A library call would not vectorize.)
_z = (1 - np.cos(np.pi * (np.arange(400) + 0.5) / 400)) / 8


def _coefficients(values: NDArray[Any], degree: int) -> list[float]:
    series = np.polynomial.Chebyshev.fit(_z, values, degree)
    return [float(c) for c in series.convert(kind=np.polynomial.Polynomial).coef]


_SINE = _coefficients(np.sin(np.pi * np.sqrt(_z)) / np.sqrt(_z), 5)
_COSINE = _coefficients(np.cos(np.pi * np.sqrt(_z)), 6)


def _power_series(coefficients: list[float], z: Value) -> Value:
    total = z * coefficients[-1] + coefficients[-2]
    for coefficient in coefficients[-3::-1]:
        total = total * z + coefficient
    return total


def _sin_pi(w: Value) -> Value:
    return w * _power_series(_SINE, w * w)


def _cos_pi(w: Value) -> Value:
    return _power_series(_COSINE, w * w)


def _advance(membrane: int, k: Value, v: Value, current: Value) -> Value:
    """Return the potential one step after ``v``, before turns are taken off."""
    if membrane == QIF:
        c = _cos_pi(v - 0.5)  # sin(pi v) = cos(pi (v - 1/2))
        s = c * c
        return v + 2.0 * k * (1.0 - s + s * current)
    if membrane == NIF:
        return v + k * current
    if membrane == NIF_ZERO:
        return smaller(v + k * current, 1.0)
    velocity = current - v
    if membrane == LIF_SUBTRACT:
        return v + k * velocity
    if membrane == LIF_ZERO:
        return smaller(v + k * velocity, 1.0)
    over = v + k * velocity - 1.0
    return 1.0 + where(over >= 0.0, over * (current / velocity), over)


def _step_back(membrane: int, k: Value, v: Value, current: Value) -> tuple[Value, Value]:
    """Return the derivatives of the next potential by the current and by ``v``."""
    if membrane == QIF:
        w = v - 0.5
        c = _cos_pi(w)
        # sin(2 pi v) = -sin(2 pi w) = -2 sin(pi w) cos(pi w)
        return 2.0 * k * c * c, 1.0 - 4.0 * math.pi * k * _sin_pi(w) * c * (current - 1.0)
    if membrane in (NIF, NIF_ZERO):
        return k, k * 0.0 + 1.0
    if membrane in (LIF_SUBTRACT, LIF_ZERO):
        return k, 1.0 - k
    velocity = current - v
    over = v + k * velocity - 1.0
    beyond = over >= 0.0
    ratio = where(beyond, current / velocity, 1.0)
    bend = where(beyond, over / (velocity * velocity), 0.0)
    return k * ratio - bend * v, (1.0 - k) * ratio + bend * current


def _charge(gate: int, y: Value) -> Value:
    """Return G, the charge released up to the place ``y`` in the active zone."""
    if gate == POLYNOMIAL:
        return y * y * (3.0 - 2.0 * y)
    if gate == COSINE:
        w = y - 0.5  # sin(2 pi y) = -2 sin(pi w) cos(pi w)
        return where(y > 0.0, y + _sin_pi(w) * _cos_pi(w) * (1 / math.pi), 0.0)
    return y


def _density(gate: int, y: Value) -> Value:
    """Return g, the derivative of G by ``y``."""
    if gate == POLYNOMIAL:
        return 6.0 * y * (1.0 - y)
    if gate == COSINE:
        c = _cos_pi(y - 0.5)  # 1 - cos(2 pi y) = 2 cos(pi w)^2
        return where(y > 0.0, 2.0 * c * c, 0.0)
    return where(y > 0.0, y * 0.0 + 1.0, 0.0)


@lru_cache
def forward_kernel(membrane: int, gate: int, synapses: int) -> Callable[..., None]:
    """Return the compiled function that runs all steps, for one membrane and gate.

    ``currents``: (T, B N), the drive, to which the recurrent current is added; ``outputs``,
    ``turns``: likewise; ``potentials``: (T + 1, B N), the first row given; ``h``, ``traces``:
    (K, B N), the current of each synapse and its trace; ``out``: (B N); ``charge``: (B N), that
    of the first potentials. ``h``, ``traces``, ``out`` and ``charge`` are stepped in place.
    ``released``: (B N), and ``index``: (N), to work in.
    """
    code = Code(
        "forward",
        counts="steps batch neurons",
        floats="k width output_decay",
        arrays="decays currents weights h traces out potentials outputs charge released",
        bytes_="turns",
        indices="index",
    )
    neurons, k, width = code["neurons"], code["k"], code["width"]
    size, edge, inverse = code["batch"] * neurons, 1.0 - width, 1.0 / width
    decays = [code["decays"][code.whole(s)] for s in range(synapses)]
    h = [code["h"].at(size * s) for s in range(synapses)]
    traces = [code["traces"].at(size * s) for s in range(synapses)]
    weights = [code["weights"].at(neurons * neurons * s) for s in range(synapses)]
    out, charge, released, index = code["out"], code["charge"], code["released"], code["index"]

    with code.loop(code["steps"]) as t:
        row = t * size
        current, v, new = (code[n].at(row) for n in ("currents", "potentials", "potentials"))
        new = new.at(size)
        turns, output = code["turns"].at(row), code["outputs"].at(row)

        @code.each(size)
        def _(i: Place) -> None:
            total = reduce(add, (each[i] for each in h), current[i])
            current[i] = total
            u = _advance(membrane, k, v[i], total)
            turn = floor(u) if membrane == QIF else larger(floor(u), 0.0)
            after = u - turn
            new[i] = after
            # A step with more turns than int8 holds belongs to a diverging run.
            turns[i] = smaller(larger(turn, -128.0), 127.0).convert("fptosi", "i8")
            # Charge of this step: turns plus the difference of G; `charge` holds G before the step.
            now = _charge(gate, larger((after - edge) * inverse, 0.0))
            q = turn + (now - charge[i])
            charge[i], released[i] = now, q
            trace = code["output_decay"] * out[i] + q
            out[i] = output[i] = trace
            for decay, trace_, h_ in zip(decays, traces, h, strict=True):
                trace_[i] = decay * trace_[i] + q
                h_[i] = decay * h_[i]

        if synapses:
            with code.loop(code["batch"]) as b:
                start = b * neurons
                charges = released.at(start)
                active = code.nonzero(charges, neurons, 1, index)
                for h_, w in zip(h, weights, strict=True):
                    _add_rows(code, h_.at(start), w, charges, active)

    return code.compile()


def _add_rows(code: Code, target: Array, weights: Array, charges: Array, active: Value) -> None:
    """Write code that adds rows of the weights times their charges, for the neurons listed."""
    neurons, index = code["neurons"], code["index"]

    @code.groups(active, _GROUPS)
    def _(first: Value, size: int) -> None:
        who = [index[first + m] for m in range(size)]
        pairs = [(charges[j], weights.at(j * neurons)) for j in who]

        @code.each(neurons)
        def _(i: Place) -> None:
            target[i] = reduce(add, (q * row[i] for q, row in pairs), target[i])


@lru_cache
def adjoint_kernel(
    membrane: int, gate: int, synapses: int, with_weights: bool
) -> Callable[..., None]:
    """Return the compiled adjoint of a run, for one membrane and gate.

    The recursion is that of :mod:`cayley.spiking.adjoint._adjoint_torch`.

    ``by_outputs``: (T, B N), or one row if it is the same at all times, then with an
    ``output_stride`` of 0 instead of B N; ``by_drive``: (T, B N); ``last_traces``: (K, B N), the
    decayed gradients of the last traces, not looked at unless ``with_traces`` is 1; ``p``,
    ``echo``: (B N); ``filtered``: (K, B N). These four are stepped in place, and so are ``g`` and
    ``G``: (B N), density and charge of the last potentials. ``by_weights`` is added to, in the
    layout of ``weights``, if ``with_weights``. ``old_g``, ``lam``, ``q``, ``active``: (B N), and
    ``index``: (B), to work in; ``active`` in bytes, which are read column by column.
    """
    code = Code(
        "adjoint",
        counts="steps batch neurons output_stride with_traces",
        floats="k width output_decay",
        arrays="decays potentials currents weights by_outputs last_traces p echo by_drive "
        "filtered by_weights g G old_g lam q",
        bytes_="turns active",
        indices="index",
    )
    neurons, k, width = code["neurons"], code["k"], code["width"]
    size, edge, inverse = code["batch"] * neurons, 1.0 - width, 1.0 / width
    decays = [code["decays"][code.whole(s)] for s in range(synapses)]
    filtered, tails = (
        [code[name].at(size * s) for s in range(synapses)] for name in ("filtered", "last_traces")
    )
    g, G, old_g, lam, q, p = (code[name] for name in ("g", "G", "old_g", "lam", "q", "p"))
    echo, active = code["echo"], code["active"]

    with code.loop(code["steps"]) as back:
        t = code["steps"] - 1 - back
        v, current, turns, by_current = (
            code[name].at(t * size) for name in ("potentials", "currents", "turns", "by_drive")
        )
        by_output = code["by_outputs"].at(t * code["output_stride"])

        @code.each(size)
        def _(i: Place) -> None:
            y = larger((v[i] - edge) * inverse, 0.0)
            before, density = _charge(gate, y), _density(gate, y) * inverse
            q[i] = released = turns[i].convert("sitofp", "float") + (G[i] - before)
            G[i], old_g[i] = before, density
            lam[i] = echo[i] = code["output_decay"] * echo[i] + by_output[i]
            any_of_them = absolute(g[i]) + density + absolute(released)
            active[i] = any_of_them.differs(0.0).convert("zext", "i8")

        with code.loop(code["with_traces"] if synapses else code.whole(0)):

            @code.each(size)
            def _(i: Place) -> None:
                lam[i] = reduce(add, (tail[i] for tail in tails), lam[i])
                for decay, tail in zip(decays, tails, strict=True):
                    tail[i] = decay * tail[i]

        if synapses:
            with code.loop(neurons) as j:
                count = code.nonzero(active.at(j), code["batch"], neurons, code["index"])
                for s in range(synapses):
                    _visit_samples(code, j, s, count, filtered[s], with_weights=with_weights)

        @code.each(size)
        def _(i: Place) -> None:
            sums = lam[i]
            mu = p[i] + g[i] * sums
            g[i] = density = old_g[i]

            if membrane in (NIF_ZERO, LIF_ZERO):
                # A turn ends at 0 whatever came before.
                mu = where(turns[i].convert("sitofp", "float") > 0.0, 0.0, mu)
            of_current, of_v = _step_back(membrane, k, v[i], current[i])
            by_current[i] = by = of_current * mu
            p[i] = of_v * mu - density * sums
            for decay, filter_ in zip(decays, filtered, strict=True):
                filter_[i] = decay * filter_[i] + by

    return code.compile()


def _visit_samples(
    code: Code, j: Value, synapse: int, count: Value, filtered: Array, *, with_weights: bool
) -> None:
    """Write code for what leaves neuron j by a synapse, in the samples where it is active.

    That is the gradient of its charges, and that of its weights.
    """
    neurons, lam, q = code["neurons"], code["lam"], code["q"]
    offset = (neurons * synapse + j) * neurons
    weights, by_weights = code["weights"].at(offset), code["by_weights"].at(offset)

    @code.groups(count, _GROUPS)
    def _(first: Value, size: int) -> None:
        starts = [code["index"][first + m] * neurons for m in range(size)]
        rows = [filtered.at(start) for start in starts]
        charges = [q[start + j] for start in starts]
        sums = [code.zeros() for _ in starts]

        @code.each(neurons)
        def _(i: Place) -> None:
            weight, filters = weights[i], [row[i] for row in rows]
            for total, value in zip(sums, filters, strict=True):
                total.set(total.get() + weight * value)
            if with_weights:
                parts = (charge * value for charge, value in zip(charges, filters, strict=True))
                by_weights[i] = by_weights[i] + reduce(add, parts)

        for start, total in zip(starts, sums, strict=True):
            lam[start + j] = lam[start + j] + total.get().total()
