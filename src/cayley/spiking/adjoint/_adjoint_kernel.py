"""The forward pass and its adjoint compiled for one CPU core, in float32.

The gate is 0 outside the active zone, so that a neuron there neither releases charge nor passes
gradient through its synapses; leaving it out is exact. Dense work (membranes, gates, filters)
runs over ``batch x neurons`` at once so that it vectorizes; sparse work runs row by row over the
neurons in the active zone. ``weights[k, j, i]`` goes from neuron j to i: the transpose of the
layer's.

Both sweeps are compiled when they are first called, for the membrane and the gate at hand, and
cached on disk. Each sweep is a single function, because a function that it calls would be
optimized twice, alone and inlined. Each loop is short and uses few arrays: with many arrays the
compiler cannot prove that none overlap, and leaves the loop scalar.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917 - one function each, as said above; numba passes by position
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False

import math
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

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

# Plain integers that a kernel closes over: numba compiles them in, so no loop branches on them.
QIF, NIF, LIF, NIF_ZERO, LIF_SUBTRACT, LIF_ZERO = 0, 1, 2, 3, 4, 5
POLYNOMIAL, COSINE, BOX = 0, 1, 2

_F = np.float32
_ZERO, _ONE, _TWO, _THREE, _SIX, _HALF = (_F(x) for x in (0, 1, 2, 3, 6, 0.5))
_PI, _TWO_PI = _F(math.pi), _F(2 * math.pi)
_NO_BOUND = _F(-math.inf)
# No "nnan" or "ninf": overflow must stay visible, since divergence and chaos are found by it.
# error_model "numpy": division by zero gives infinity, without a test in the loop.
_OPTIONS: Any = {
    "cache": True,
    "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "error_model": "numpy",
}

# sin(pi w) = w P(w^2) and cos(pi w) = C(w^2) on |w| <= 1/2, to 1e-8: least squares in Chebyshev
# polynomials, evaluated as powers. (A library call would not vectorize.)
_z = (1 - np.cos(np.pi * (np.arange(400) + 0.5) / 400)) / 8


def _coefficients(values: NDArray[Any], degree: int) -> list[np.float32]:
    series = np.polynomial.Chebyshev.fit(_z, values, degree)
    return [_F(c) for c in series.convert(kind=np.polynomial.Polynomial).coef]


_P0, _P1, _P2, _P3, _P4, _P5 = _coefficients(np.sin(np.pi * np.sqrt(_z)) / np.sqrt(_z), 5)
_C0, _C1, _C2, _C3, _C4, _C5, _C6 = _coefficients(np.cos(np.pi * np.sqrt(_z)), 6)


@nb.njit(inline="always")
def _sin_pi(w, z):
    return w * (_P0 + z * (_P1 + z * (_P2 + z * (_P3 + z * (_P4 + z * _P5)))))


@nb.njit(inline="always")
def _cos_pi(z):
    return _C0 + z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6)))))


@nb.njit(inline="always")
def _advance(membrane, k, v, current):
    """Return the potential one step after ``v``, before turns are taken off."""
    if membrane == QIF:
        w = v - _HALF  # sin(pi v)^2 = cos(pi w)^2
        c = _cos_pi(w * w)
        s = c * c
        return v + _TWO * k * (_ONE - s + s * current)
    if membrane == NIF:
        return v + k * current
    if membrane == NIF_ZERO:
        return min(v + k * current, _ONE)
    velocity = current - v
    if membrane == LIF_SUBTRACT:
        return v + k * velocity
    if membrane == LIF_ZERO:
        return min(v + k * velocity, _ONE)
    over = v + k * velocity - _ONE
    return _ONE + (over * (current / velocity) if over >= _ZERO else over)


@nb.njit(inline="always")
def _charge(gate, y):
    """Return G, the charge released up to the place ``y`` in the active zone."""
    if gate == POLYNOMIAL:
        return y * y * (_THREE - _TWO * y)
    if gate == COSINE:
        w = y - _HALF  # sin(2 pi y) = -2 sin(pi w) cos(pi w)
        z = w * w
        return y + _TWO * _sin_pi(w, z) * _cos_pi(z) / _TWO_PI if y > _ZERO else _ZERO
    return y


@nb.njit(inline="always")
def _density(gate, y):
    """Return g, the derivative of G by ``y``."""
    if gate == POLYNOMIAL:
        return _SIX * y * (_ONE - y)
    if gate == COSINE:
        w = y - _HALF  # 1 - cos(2 pi y) = 2 cos(pi w)^2
        c = _cos_pi(w * w)
        return _TWO * c * c if y > _ZERO else _ZERO
    return _ONE if y > _ZERO else _ZERO


@lru_cache
def forward_kernel(membrane, gate):
    """Return the compiled function that runs all steps, for one membrane and gate.

    ``currents``: (T, B N), the drive, to which the recurrent current is added; ``outputs``,
    ``turns``: likewise; ``potentials``: (T + 1, B N), the first row given; ``h``, ``traces``:
    (K, B N), the current of each synapse and its trace; ``out``: (B N); ``charge``: (B N), that
    of the first potentials. ``h``, ``traces``, ``out`` and ``charge`` are stepped in place;
    ``work``: (2, B N); ``index``: (N + 3), valid neurons, to list the active ones in.
    """

    @nb.njit(**_OPTIONS)
    def forward(
        k, width, decays, output_decay, currents, weights, h, out, traces,
        potentials, outputs, turns, charge, work, index,
    ):  # fmt: skip
        neurons, synapses, size = weights.shape[2], len(weights), len(out)
        edge, inverse = _ONE - width, _ONE / width
        lowest = _NO_BOUND if membrane == QIF else _ZERO
        u, q = work[0], work[1]
        for t in range(len(currents)):
            current, v, new = currents[t], potentials[t], potentials[t + 1]
            turn, output = turns[t], outputs[t]
            for s in range(synapses):
                for i in range(size):
                    current[i] += h[s, i]
            for i in range(size):
                u[i] = _advance(membrane, k, v[i], current[i])
            for i in range(size):
                q[i] = max(np.floor(u[i]), lowest)
            # Charge of this step: turns plus the difference of G; `charge` holds G before the step.
            for i in range(size):
                new[i] = u[i] - q[i]
                turn[i] = np.int8(q[i])
            for i in range(size):
                now = _charge(gate, max((new[i] - edge) * inverse, _ZERO))
                q[i] += now - charge[i]
                charge[i] = now
            for i in range(size):
                out[i] = output_decay * out[i] + q[i]
                output[i] = out[i]
            for s in range(synapses):
                for i in range(size):
                    traces[s, i] = decays[s] * traces[s, i] + q[i]
                    h[s, i] *= decays[s]
            for start in range(0, size if synapses else 0, neurons):
                row = q[start : start + neurons]
                active = 0
                # Without a branch: every j is written, and kept only if the count moves on.
                for j in range(neurons):
                    index[active] = j
                    active += row[j] != _ZERO
                for s in range(synapses):
                    target, w = h[s, start : start + neurons], weights[s]
                    # Four rows at once save loads and stores; past the last one, rows of weight 0.
                    for n in range(0, active, 4):
                        j0, j1, j2, j3 = index[n], index[n + 1], index[n + 2], index[n + 3]
                        w0, w1, w2, w3 = w[j0], w[j1], w[j2], w[j3]
                        q0, q1, q2, q3 = row[j0], row[j1], row[j2], row[j3]
                        q1 = q1 if n + 1 < active else _ZERO
                        q2 = q2 if n + 2 < active else _ZERO
                        q3 = q3 if n + 3 < active else _ZERO
                        for i in range(neurons):
                            target[i] += q0 * w0[i] + q1 * w1[i] + q2 * w2[i] + q3 * w3[i]

    return forward


@lru_cache
def adjoint_kernel(membrane, gate):
    """Return the compiled adjoint of a run, for one membrane and gate.

    The recursion is that of :mod:`cayley.spiking.adjoint._adjoint_torch`.

    ``by_outputs``: (T, B N), or one row if it is the same at all times; ``by_drive``: (T, B N);
    ``last_traces``: (K, B N), the decayed gradients of the last traces, all 0 unless
    ``with_traces``; ``p``, ``echo``: (B N); ``filtered``: (K, B N). These four are stepped in
    place, and so are ``g`` and ``G``: (B N), density and charge of the last potentials.
    ``by_weights`` is added to, in the layout of ``weights``. ``backwards``: the steps, last first;
    as data, since the compiler tests once for all steps of a loop that counts down whether arrays
    overlap, wrongly finds that they do, and takes scalar loops. ``work``: (4, B N).
    """

    @nb.njit(**_OPTIONS)
    def adjoint(
        k, width, decays, output_decay, potentials, currents, turns, weights,
        by_outputs, last_traces, p, echo, by_drive, filtered, by_weights, with_traces, with_weights,
        g, G, backwards, work, index,
    ):  # fmt: skip
        neurons, synapses, size = weights.shape[2], len(weights), len(p)
        edge, inverse = _ONE - width, _ONE / width
        old_g, old_G, q, lam = work[0], work[1], work[2], work[3]
        same = len(by_outputs) == 1
        for t in backwards:
            v, current, turn, by_current = potentials[t], currents[t], turns[t], by_drive[t]
            by_output = by_outputs[0 if same else t]
            for i in range(size):
                y = max((v[i] - edge) * inverse, _ZERO)
                old_g[i] = _density(gate, y) * inverse
                old_G[i] = _charge(gate, y)
            for i in range(size):
                q[i] = np.float32(turn[i]) + G[i] - old_G[i]
                G[i] = old_G[i]
            for i in range(size):
                echo[i] = output_decay * echo[i] + by_output[i]
                lam[i] = echo[i]
            for i in range(size):
                old_G[i] = abs(g[i]) + abs(old_g[i]) + abs(q[i])  # not 0 where active
            for start in range(0, size if synapses else 0, neurons):
                stop = start + neurons
                active = 0
                for j in range(neurons):
                    index[active] = j
                    active += old_G[start + j] != _ZERO
                for s in range(synapses):
                    K, w, rows = filtered[s, start:stop], weights[s], by_weights[s]
                    sums, charges = lam[start:stop], q[start:stop]
                    for n in range(0, active, 2):
                        j0, j1 = index[n], index[n + 1]
                        w0, w1 = w[j0], w[j1]
                        s0, s1 = _ZERO, _ZERO
                        for i in range(neurons):
                            s0 += w0[i] * K[i]
                            s1 += w1[i] * K[i]
                        sums[j0] += s0
                        sums[j1] += s1 if n + 1 < active else _ZERO
                    for n in range(active if with_weights else 0):
                        target, charge = rows[index[n]], charges[index[n]]
                        for i in range(neurons):
                            target[i] += charge * K[i]
            for s in range(synapses if with_traces else 0):
                for i in range(size):
                    lam[i] += last_traces[s, i]
                    last_traces[s, i] *= decays[s]
            for i in range(size):
                p[i] += g[i] * lam[i]  # mu
                g[i] = old_g[i]
            if membrane == QIF:
                for i in range(size):
                    w = v[i] - _HALF
                    z = w * w
                    c, sine = _cos_pi(z), _sin_pi(w, z)
                    by_current[i] = _TWO * k * c * c * p[i]
                    # sin(2 pi v) = -sin(2 pi w) = -2 s c
                    p[i] *= _ONE - _TWO * _TWO_PI * k * sine * c * (current[i] - _ONE)
            elif membrane == NIF:
                for i in range(size):
                    by_current[i] = k * p[i]
            elif membrane == NIF_ZERO:
                for i in range(size):
                    # A turn ends at 0 whatever came before.
                    p[i] = _ZERO if turn[i] > 0 else p[i]
                    by_current[i] = k * p[i]
            elif membrane in (LIF_SUBTRACT, LIF_ZERO):
                for i in range(size):
                    p[i] = _ZERO if membrane == LIF_ZERO and turn[i] > 0 else p[i]
                    by_current[i] = k * p[i]
                    p[i] *= _ONE - k
            else:
                for i in range(size):
                    velocity = current[i] - v[i]
                    over = v[i] + k * velocity - _ONE
                    ratio, bend = _ONE, _ZERO
                    if over >= _ZERO:
                        ratio, bend = current[i] / velocity, over / (velocity * velocity)
                    by_current[i] = p[i] * (k * ratio - bend * v[i])
                    p[i] *= (_ONE - k) * ratio + bend * current[i]
            for i in range(size):
                p[i] -= old_g[i] * lam[i]
            for s in range(synapses):
                for i in range(size):
                    filtered[s, i] = decays[s] * filtered[s, i] + by_current[i]

    return adjoint
