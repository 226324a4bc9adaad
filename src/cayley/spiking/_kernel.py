"""The sweeps compiled for one CPU core, in float32: synapses are visited in the active zone only.

The gate is 0 outside the active zone, so that a neuron there neither releases charge nor passes
gradient through its synapses; leaving it out is exact. What is dense (membranes, gates, filters)
runs over ``batch x neurons`` at once so that it vectorises, what is sparse runs row by row over the
few neurons that matter. ``weights[k, j, i]`` goes from neuron j to i: the transpose of the layer's.

Every function has an explicit signature and is cached on disk.
"""

# ruff: noqa: PLR0917 - numba passes by position
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False

import math
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

__all__ = ["BOX", "COSINE", "LIF", "NIF", "POLYNOMIAL", "QIF", "adjoint", "forward"]

QIF, NIF, LIF = 0, 1, 2
POLYNOMIAL, COSINE, BOX = 0, 1, 2

_F = np.float32
_ZERO, _ONE, _TWO, _THREE, _SIX, _HALF = (_F(x) for x in (0, 1, 2, 3, 6, 0.5))
_PI, _TWO_PI = _F(math.pi), _F(2 * math.pi)
_OPTIONS: Any = {
    "cache": True,
    "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "error_model": "numpy",
}

_INNER: Any = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

# sin(pi w) = w P(w^2) and cos(pi w) = C(w^2) on |w| <= 1/2, to 1e-8: least squares in Chebyshev
# polynomials, evaluated as powers. (A library call would not vectorise.)
_z = (1 - np.cos(np.pi * (np.arange(400) + 0.5) / 400)) / 8


def _coefficients(values: NDArray[Any], degree: int) -> list[np.float32]:
    series = np.polynomial.Chebyshev.fit(_z, values, degree)
    return [_F(c) for c in series.convert(kind=np.polynomial.Polynomial).coef]


_P0, _P1, _P2, _P3, _P4, _P5 = _coefficients(np.sin(np.pi * np.sqrt(_z)) / np.sqrt(_z), 5)
_C0, _C1, _C2, _C3, _C4, _C5, _C6 = _coefficients(np.cos(np.pi * np.sqrt(_z)), 6)

_f32, _i64 = nb.float32, nb.int64
_1, _2, _3 = nb.float32[::1], nb.float32[:, ::1], nb.float32[:, :, ::1]
_turns1, _turns2, _indices = nb.int8[::1], nb.int8[:, ::1], nb.int64[::1]


@nb.njit(inline="always")
def _sin_pi(w, z):
    return w * (_P0 + z * (_P1 + z * (_P2 + z * (_P3 + z * (_P4 + z * _P5)))))


@nb.njit(inline="always")
def _cos_pi(z):
    return _C0 + z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6)))))


@nb.njit(nb.void(_i64, _f32, _1, _1, _1), **_INNER)
def _advance(membrane, k, v, current, u):
    """``u`` becomes the potential one step after ``v``, before turns are taken off."""
    if membrane == QIF:
        for i in range(len(v)):
            w = v[i] - _HALF  # sin(pi v)^2 = cos(pi w)^2
            c = _cos_pi(w * w)
            s = c * c
            u[i] = v[i] + _TWO * k * (_ONE - s + s * current[i])
    elif membrane == NIF:
        for i in range(len(v)):
            u[i] = v[i] + k * current[i]
    else:
        for i in range(len(v)):
            velocity = current[i] - v[i]
            over = v[i] + k * velocity - _ONE
            u[i] = _ONE + (over * (current[i] / velocity) if over >= _ZERO else over)


@nb.njit(nb.void(_i64, _f32, _1, _1), **_INNER)
def _charge(gate, width, v, charge):
    """``charge`` becomes G(v), the charge released between 0 and ``v``."""
    inverse = _ONE / width
    if gate == POLYNOMIAL:
        for i in range(len(v)):
            y = max((v[i] - (_ONE - width)) * inverse, _ZERO)
            charge[i] = y * y * (_THREE - _TWO * y)
    elif gate == COSINE:
        for i in range(len(v)):
            y = max((v[i] - (_ONE - width)) * inverse, _ZERO)
            w = y - _HALF  # sin(2 pi y) = -2 sin(pi w) cos(pi w)
            z = w * w
            charge[i] = y + _TWO * _sin_pi(w, z) * _cos_pi(z) / _TWO_PI if y > _ZERO else _ZERO
    else:
        for i in range(len(v)):
            charge[i] = max((v[i] - (_ONE - width)) * inverse, _ZERO)


@nb.njit(nb.void(_i64, _f32, _1, _1), **_INNER)
def _density(gate, width, v, density):
    """``density`` becomes g(v)."""
    inverse = _ONE / width
    if gate == POLYNOMIAL:
        for i in range(len(v)):
            y = max((v[i] - (_ONE - width)) * inverse, _ZERO)
            density[i] = _SIX * y * (_ONE - y) * inverse
    elif gate == COSINE:
        for i in range(len(v)):
            y = max((v[i] - (_ONE - width)) * inverse, _ZERO)
            w = y - _HALF  # 1 - cos(2 pi y) = 2 cos(pi w)^2
            c = _cos_pi(w * w)
            density[i] = _TWO * c * c * inverse if y > _ZERO else _ZERO
    else:
        for i in range(len(v)):
            density[i] = inverse if v[i] > _ONE - width else _ZERO


@nb.njit(nb.void(_i64, _f32, _1, _1, _1, _1, _1), **_INNER)
def _back_through_membrane(membrane, k, v, current, mu, p, by_current):
    """Multiply ``mu`` by the derivatives of the step by the potential and by the current."""
    if membrane == QIF:
        for i in range(len(v)):
            w = v[i] - _HALF
            z = w * w
            c, s = _cos_pi(z), _sin_pi(w, z)
            by_current[i] = _TWO * k * c * c * mu[i]
            # sin(2 pi v) = -sin(2 pi w) = -2 s c
            p[i] = mu[i] * (_ONE - _TWO * _TWO_PI * k * s * c * (current[i] - _ONE))
    elif membrane == NIF:
        for i in range(len(v)):
            by_current[i] = k * mu[i]
            p[i] = mu[i]
    else:
        for i in range(len(v)):
            velocity = current[i] - v[i]
            over = v[i] + k * velocity - _ONE
            if over >= _ZERO:
                ratio, bend = current[i] / velocity, over / (velocity * velocity)
                by_current[i] = mu[i] * (k * ratio - bend * v[i])
                p[i] = mu[i] * ((_ONE - k) * ratio + bend * current[i])
            else:
                by_current[i] = mu[i] * k
                p[i] = mu[i] * (_ONE - k)


# One loop over few arrays each: with more, the compiler gives up proving that none overlap and
# leaves the loop scalar.


@nb.njit(nb.void(_1, _1), **_INNER)
def _copy(x, y):
    for i in range(len(x)):
        y[i] = x[i]


@nb.njit(nb.void(_1, _1), **_INNER)
def _add(x, y):
    for i in range(len(x)):
        y[i] += x[i]


@nb.njit(nb.void(_1, _1, _1), **_INNER)
def _add_difference(x, y, z):
    for i in range(len(x)):
        z[i] += x[i] - y[i]


@nb.njit(nb.void(_f32, _1, _1, _1), **_INNER)
def _add_product(sign, x, y, z):
    for i in range(len(x)):
        z[i] += sign * x[i] * y[i]


@nb.njit(nb.void(_f32, _1, _1), **_INNER)
def _decay_and_add(decay, x, y):
    for i in range(len(x)):
        y[i] = decay * y[i] + x[i]


@nb.njit(nb.void(_1, _turns1), **_INNER)
def _to_int8(x, y):
    for i in range(len(x)):
        y[i] = np.int8(x[i])


@nb.njit(nb.void(_turns1, _1), **_INNER)
def _from_int8(x, y):
    for i in range(len(x)):
        y[i] = np.float32(x[i])


@nb.njit(nb.void(nb.boolean, _1, _1, _1), **_INNER)
def _wrap(cyclic, u, turns, v):
    """Split ``u`` into whole turns and the rest."""
    lowest = -np.float32(np.inf) if cyclic else _ZERO
    for i in range(len(u)):
        turns[i] = max(np.floor(u[i]), lowest)
    for i in range(len(u)):
        v[i] = u[i] - turns[i]


@nb.njit(nb.void(_1, _1, _1, _1), **_INNER)
def _mark_active(x, y, z, marks):
    for i in range(len(x)):
        marks[i] = abs(x[i]) + abs(y[i]) + abs(z[i])


@nb.njit(nb.void(_f32, _1), **_INNER)
def _scale(factor, x):
    for i in range(len(x)):
        x[i] *= factor


@nb.njit(_i64(_1, _indices), **_INNER)
def _list_nonzero(x, index):
    """List the places of ``x`` that are not 0; return how many there are."""
    count = 0
    for j in range(len(x)):
        index[count] = j
        count += x[j] != _ZERO
    return count


@nb.njit(nb.void(_2, _1, _indices, _i64, _1), **_INNER)
def _add_rows(weights, q, index, active, target):
    """Add ``q[j] weights[j]`` for the active ``j``; four rows at once save loads and stores."""
    n = 0
    while n + 4 <= active:
        j0, j1, j2, j3 = index[n], index[n + 1], index[n + 2], index[n + 3]
        q0, q1, q2, q3 = q[j0], q[j1], q[j2], q[j3]
        w0, w1, w2, w3 = weights[j0], weights[j1], weights[j2], weights[j3]
        for i in range(len(target)):
            target[i] += q0 * w0[i] + q1 * w1[i] + q2 * w2[i] + q3 * w3[i]
        n += 4
    while n < active:
        w0, q0 = weights[index[n]], q[index[n]]
        for i in range(len(target)):
            target[i] += q0 * w0[i]
        n += 1


@nb.njit(nb.void(_2, _1, _indices, _i64, _1), **_INNER)
def _dot_rows(weights, K, index, active, lam):
    """Add ``weights[j] . K`` to ``lam[j]`` for the active ``j``."""
    n = 0
    while n + 4 <= active:
        j0, j1, j2, j3 = index[n], index[n + 1], index[n + 2], index[n + 3]
        w0, w1, w2, w3 = weights[j0], weights[j1], weights[j2], weights[j3]
        s0, s1, s2, s3 = _ZERO, _ZERO, _ZERO, _ZERO
        for i in range(len(K)):
            s0 += w0[i] * K[i]
            s1 += w1[i] * K[i]
            s2 += w2[i] * K[i]
            s3 += w3[i] * K[i]
        lam[j0] += s0
        lam[j1] += s1
        lam[j2] += s2
        lam[j3] += s3
        n += 4
    while n < active:
        w0, s0 = weights[index[n]], _ZERO
        for i in range(len(K)):
            s0 += w0[i] * K[i]
        lam[index[n]] += s0
        n += 1


@nb.njit(nb.void(_2, _1, _1, _indices, _i64, _1, _2), **_INNER)
def _dot_and_add_outer(weights, K, q, index, active, lam, by_weights):
    """Do :func:`_dot_rows`, and add ``q[j] K`` to ``by_weights[j]`` for the active ``j``."""
    n = 0
    while n + 2 <= active:
        j0, j1 = index[n], index[n + 1]
        w0, w1, row0, row1 = weights[j0], weights[j1], by_weights[j0], by_weights[j1]
        q0, q1, s0, s1 = q[j0], q[j1], _ZERO, _ZERO
        for i in range(len(K)):
            s0 += w0[i] * K[i]
            s1 += w1[i] * K[i]
            row0[i] += q0 * K[i]
            row1[i] += q1 * K[i]
        lam[j0] += s0
        lam[j1] += s1
        n += 2
    while n < active:
        j0 = index[n]
        w0, row0, q0, s0 = weights[j0], by_weights[j0], q[j0], _ZERO
        for i in range(len(K)):
            s0 += w0[i] * K[i]
            row0[i] += q0 * K[i]
        lam[j0] += s0
        n += 1


@nb.njit(
    nb.void(_i64, _i64, _f32, _f32, _1, _f32, _2, _3, _2, _1, _2, _2, _2, _turns2, _2),
    **_OPTIONS,
)
def forward(
    membrane, gate, k, width, decays, output_decay, currents, weights, h, out, traces,
    potentials, outputs, turns, work,
):  # fmt: skip
    """Run all steps.

    ``currents``: (T, B N), the drive, to which the recurrent current is added; ``outputs``,
    ``turns``: likewise; ``potentials``: (T + 1, B N), the first row given; ``h``, ``traces``:
    (K, B N), the current of each synapse and its trace; ``out``: (B N). ``h``, ``traces`` and
    ``out`` are stepped in place; ``work``: (4, B N).
    """
    neurons, synapses = weights.shape[2], len(weights)
    u, q, released, fresh = work[0], work[1], work[2], work[3]
    index = np.empty(neurons, np.int64)
    _charge(gate, width, potentials[0], released)
    for t in range(len(currents)):
        current, new = currents[t], potentials[t + 1]
        for s in range(synapses):
            _add(h[s], current)
        _advance(membrane, k, potentials[t], current, u)
        _wrap(membrane == QIF, u, q, new)
        _to_int8(q, turns[t])
        _charge(gate, width, new, fresh)
        _add_difference(fresh, released, q)
        released, fresh = fresh, released
        _decay_and_add(output_decay, q, out)
        _copy(out, outputs[t])
        for s in range(synapses):
            _decay_and_add(decays[s], q, traces[s])
            _scale(decays[s], h[s])
        if synapses:
            for start in range(0, len(q), neurons):
                stop = start + neurons
                active = _list_nonzero(q[start:stop], index)
                for s in range(synapses):
                    _add_rows(weights[s], q[start:stop], index, active, h[s, start:stop])


@nb.njit(
    nb.void(
        _i64, _i64, _f32, _f32, _1, _f32, _2, _2, _turns2, _3, _2, _2, _1, _1, _2, _2, _3,
        nb.boolean, nb.boolean, _2,
    ),
    **_OPTIONS,
)  # fmt: skip
def adjoint(
    membrane, gate, k, width, decays, output_decay, potentials, currents, turns, weights,
    by_outputs, last_traces, p, echo, by_drive, filtered, by_weights, with_traces, with_weights,
    work,
):  # fmt: skip
    """Go back through a run; see :mod:`cayley.spiking._sweeps` for the recursion.

    ``by_outputs``: (T, B N), or one row if it is the same at all times; ``by_drive``: (T, B N);
    ``last_traces``: (K, B N), what the last traces' gradients have decayed to, all 0 unless
    ``with_traces``; ``p``, ``echo``: (B N); ``filtered``: (K, B N). These four are stepped in
    place, ``by_weights`` is added to, in the layout of ``weights``; ``work``: (8, B N).
    """
    steps, neurons, synapses = len(currents), weights.shape[2], len(weights)
    same = len(by_outputs) == 1
    g, old_g, G, old_G = work[0], work[1], work[2], work[3]
    q, lam, mu, marks = work[4], work[5], work[6], work[7]
    index = np.empty(neurons, np.int64)
    _density(gate, width, potentials[steps], g)
    _charge(gate, width, potentials[steps], G)
    for t in range(steps - 1, -1, -1):
        v, by_current = potentials[t], by_drive[t]
        _density(gate, width, v, old_g)
        _charge(gate, width, v, old_G)
        _decay_and_add(output_decay, by_outputs[0 if same else t], echo)
        _copy(echo, lam)
        _from_int8(turns[t], q)
        _add_difference(G, old_G, q)
        if synapses:
            _mark_active(g, old_g, q, marks)
            for start in range(0, len(q), neurons):
                stop = start + neurons
                active = _list_nonzero(marks[start:stop], index)
                for s in range(synapses):
                    K = filtered[s, start:stop]
                    if with_weights:
                        _dot_and_add_outer(
                            weights[s], K, q[start:stop], index, active, lam[start:stop],
                            by_weights[s],
                        )  # fmt: skip
                    else:
                        _dot_rows(weights[s], K, index, active, lam[start:stop])
        if with_traces:
            for s in range(synapses):
                _add(last_traces[s], lam)
                _scale(decays[s], last_traces[s])
        _copy(p, mu)
        _add_product(_ONE, g, lam, mu)
        _back_through_membrane(membrane, k, v, currents[t], mu, p, by_current)
        _add_product(-_ONE, old_g, lam, p)
        for s in range(synapses):
            _decay_and_add(decays[s], by_current, filtered[s])
        g, old_g = old_g, g
        G, old_G = old_G, G
