"""The sweeps compiled for one CPU core, in float32: synapses are visited in the active zone only.

The gate is 0 outside the active zone, so that a neuron there neither releases charge nor passes
gradient through its synapses; leaving it out is exact. What is dense (membranes, gates, filters)
runs over ``batch x neurons`` at once so that it vectorises, what is sparse runs row by row over the
few neurons that matter. ``weights[k, j, i]`` goes from neuron j to i: the transpose of the layer's.

Every function has an explicit signature and is cached on disk.
"""

import math

import numba as nb
import numpy as np

__all__ = ["BOX", "COSINE", "LIF", "NIF", "POLYNOMIAL", "QIF", "adjoint", "forward"]

QIF, NIF, LIF = 0, 1, 2
POLYNOMIAL, COSINE, BOX = 0, 1, 2

_F = np.float32
_ZERO, _ONE, _TWO, _THREE, _SIX, _HALF = (_F(x) for x in (0, 1, 2, 3, 6, 0.5))
_PI, _TWO_PI = _F(math.pi), _F(2 * math.pi)
_OPTIONS = {"cache": True, "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "error_model": "numpy"}

# sin(pi w) = w P(w^2) and cos(pi w) = C(w^2) on |w| <= 1/2, to 1e-8: least squares in Chebyshev
# polynomials, evaluated as powers. (A library call would not vectorise.)
_z = (1 - np.cos(np.pi * (np.arange(400) + 0.5) / 400)) / 8
_w = np.sqrt(_z)
_fit = np.polynomial.Chebyshev.fit
_power = {"kind": np.polynomial.Polynomial}
_P0, _P1, _P2, _P3, _P4, _P5 = (_F(c) for c in _fit(_z, np.sin(np.pi * _w) / _w, 5).convert(**_power).coef)
_C0, _C1, _C2, _C3, _C4, _C5, _C6 = (_F(c) for c in _fit(_z, np.cos(np.pi * _w), 6).convert(**_power).coef)

_f32, _i64 = nb.float32, nb.int64
_1, _2, _3 = nb.float32[::1], nb.float32[:, ::1], nb.float32[:, :, ::1]
_turns1, _turns3 = nb.int8[::1], nb.int8[:, :, ::1]


@nb.njit(inline="always")
def _sin_pi(w, z):
    return w * (_P0 + z * (_P1 + z * (_P2 + z * (_P3 + z * (_P4 + z * _P5)))))


@nb.njit(inline="always")
def _cos_pi(z):
    return _C0 + z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6)))))


@nb.njit(nb.void(_i64, _f32, _1, _1, _1), **_OPTIONS)
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


@nb.njit(nb.void(_i64, _f32, _1, _1), **_OPTIONS)
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


@nb.njit(nb.void(_i64, _f32, _1, _1), **_OPTIONS)
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


@nb.njit(nb.void(_i64, _f32, _1, _1, _1, _1, _1), **_OPTIONS)
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


@nb.njit(nb.void(_2, _1, nb.int64[::1], _i64, _1), **_OPTIONS)
def _add_rows(weights, q, index, active, target):
    """Add ``q[j] weights[j]`` for the active ``j``; four rows at a time save loads and stores."""
    n = 0
    while n + 4 <= active:
        j0, j1, j2, j3 = index[n], index[n + 1], index[n + 2], index[n + 3]
        q0, q1, q2, q3 = q[j0], q[j1], q[j2], q[j3]
        w0, w1, w2, w3 = weights[j0], weights[j1], weights[j2], weights[j3]
        for i in range(len(target)):
            target[i] += q0 * w0[i] + q1 * w1[i] + q2 * w2[i] + q3 * w3[i]
        n += 4
    while n < active:
        j0 = index[n]
        q0, w0 = q[j0], weights[j0]
        for i in range(len(target)):
            target[i] += q0 * w0[i]
        n += 1


@nb.njit(nb.void(_2, _1, nb.int64[::1], _i64, _1), **_OPTIONS)
def _dot_rows(weights, filtered, index, active, lam):
    """Add ``weights[j] . filtered`` to ``lam[j]`` for the active ``j``."""
    n = 0
    while n + 4 <= active:
        j0, j1, j2, j3 = index[n], index[n + 1], index[n + 2], index[n + 3]
        w0, w1, w2, w3 = weights[j0], weights[j1], weights[j2], weights[j3]
        s0, s1, s2, s3 = _ZERO, _ZERO, _ZERO, _ZERO
        for i in range(len(filtered)):
            s0 += w0[i] * filtered[i]
            s1 += w1[i] * filtered[i]
            s2 += w2[i] * filtered[i]
            s3 += w3[i] * filtered[i]
        lam[j0] += s0
        lam[j1] += s1
        lam[j2] += s2
        lam[j3] += s3
        n += 4
    while n < active:
        j0 = index[n]
        w0, s0 = weights[j0], _ZERO
        for i in range(len(filtered)):
            s0 += w0[i] * filtered[i]
        lam[j0] += s0
        n += 1


@nb.njit(
    nb.void(_i64, _i64, _f32, _f32, _1, _f32, _2, _2, _3, _3, _2, _2, _2, _3, _2, _turns3),
    **_OPTIONS,
)
def forward(
    membrane, gate, k, width, decays, output_decay, drive, currents, weights, h, v, out,
    potentials, traces, outputs, turns,
):  # fmt: skip
    """Run all steps.

    ``drive``, ``currents``, ``outputs``: (T, B N); ``potentials``: (T + 1, B N); ``turns``: (T, B,
    N); ``h``, ``traces``: (B, K, N), the current of each synapse and its trace; ``v``, ``out``:
    (B, N). ``h``, ``traces`` and ``out`` are stepped in place.
    """
    steps, batch, neurons, synapses = len(drive), v.shape[0], v.shape[1], len(weights)
    size = batch * neurons
    u, released = np.empty(size, np.float32), np.empty(size, np.float32)
    fresh, q = np.empty(size, np.float32), np.empty((batch, neurons), np.float32)
    flat_q, flat_out = q.reshape(size), out.reshape(size)
    index = np.empty(neurons, np.int64)
    potentials[0] = v.reshape(size)
    _charge(gate, width, potentials[0], released)
    for t in range(steps):
        current, new = currents[t], potentials[t + 1]
        for i in range(size):
            current[i] = drive[t, i]
        for b in range(batch):
            for s in range(synapses):
                row, source = current[b * neurons : (b + 1) * neurons], h[b, s]
                for i in range(neurons):
                    row[i] += source[i]
        _advance(membrane, k, potentials[t], current, u)
        turn = turns[t].reshape(size)
        if membrane == QIF:
            for i in range(size):
                whole = np.floor(u[i])
                new[i] = u[i] - whole
                flat_q[i] = whole
        else:
            for i in range(size):
                whole = max(np.floor(u[i]), _ZERO)
                new[i] = u[i] - whole
                flat_q[i] = whole
        for i in range(size):
            turn[i] = np.int8(flat_q[i])
        _charge(gate, width, new, fresh)
        output = outputs[t]
        for i in range(size):
            flat_q[i] += fresh[i] - released[i]
            released[i] = fresh[i]
            flat_out[i] = output_decay * flat_out[i] + flat_q[i]
            output[i] = flat_out[i]
        if synapses == 0:
            continue
        for b in range(batch):
            row = q[b]
            active = 0
            for j in range(neurons):
                index[active] = j
                active += row[j] != _ZERO
            for s in range(synapses):
                target, trace, a = h[b, s], traces[b, s], decays[s]
                for i in range(neurons):
                    trace[i] = a * trace[i] + row[i]
                    target[i] *= a
                _add_rows(weights[s], row, index, active, target)


@nb.njit(
    _1(
        _i64, _i64, _f32, _f32, _1, _f32, _2, _2, _turns3, _3, _2, _3, _2, _2, _3, _3,
        nb.boolean,
    ),
    **_OPTIONS,
)  # fmt: skip
def adjoint(
    membrane, gate, k, width, decays, output_decay, potentials, currents, turns, weights,
    by_outputs, last_traces, p, by_drive, filtered, by_weights, with_weights,
):  # fmt: skip
    """Go back through a run; see :mod:`cayley.spiking._sweeps` for the recursion.

    ``by_outputs``, ``by_drive``: (T, B N); ``last_traces``: (B, K, N), what the last traces'
    gradients have decayed to; ``p``: (B, N), ``filtered``: (B, K, N). The last three are stepped
    in place, ``by_weights`` is added to, in the layout of ``weights``.
    """
    steps, batch, neurons, synapses = len(currents), p.shape[0], p.shape[1], len(weights)
    size = batch * neurons
    g, old_g = np.empty((batch, neurons), np.float32), np.empty((batch, neurons), np.float32)
    q, lam = np.empty((batch, neurons), np.float32), np.empty((batch, neurons), np.float32)
    G, old_G = np.empty(size, np.float32), np.empty(size, np.float32)
    mu, echo = np.empty(size, np.float32), np.zeros(size, np.float32)
    flat_lam, flat_p, flat_q = lam.reshape(size), p.reshape(size), q.reshape(size)
    index = np.empty(neurons, np.int64)
    _density(gate, width, potentials[steps], g.reshape(size))
    _charge(gate, width, potentials[steps], G)
    for t in range(steps - 1, -1, -1):
        v = potentials[t]
        _density(gate, width, v, old_g.reshape(size))
        _charge(gate, width, v, old_G)
        incoming, turn = by_outputs[t], turns[t].reshape(size)
        for i in range(size):
            echo[i] = output_decay * echo[i] + incoming[i]
            flat_lam[i] = echo[i]
            flat_q[i] = np.float32(turn[i]) + G[i] - old_G[i]
        for b in range(batch):
            if synapses == 0:
                break
            gate_row, old_row, q_row, lam_row = g[b], old_g[b], q[b], lam[b]
            active = 0
            for j in range(neurons):
                index[active] = j
                active += (gate_row[j] != _ZERO) | (old_row[j] != _ZERO) | (q_row[j] != _ZERO)
            for s in range(synapses):
                K, tail, a = filtered[b, s], last_traces[b, s], decays[s]
                for j in range(neurons):
                    lam_row[j] += tail[j]
                    tail[j] *= a
                _dot_rows(weights[s], K, index, active, lam_row)
                if with_weights:
                    for n in range(active):
                        j = index[n]
                        target, charge = by_weights[s, j], q_row[j]
                        for i in range(neurons):
                            target[i] += charge * K[i]
        flat_g, flat_old = g.reshape(size), old_g.reshape(size)
        for i in range(size):
            mu[i] = flat_p[i] + flat_g[i] * flat_lam[i]
        by_current = by_drive[t]
        _back_through_membrane(membrane, k, v, currents[t], mu, flat_p, by_current)
        for i in range(size):
            flat_p[i] -= flat_old[i] * flat_lam[i]
        for b in range(batch):
            row = by_current[b * neurons : (b + 1) * neurons]
            for s in range(synapses):
                K, a = filtered[b, s], decays[s]
                for i in range(neurons):
                    K[i] = a * K[i] + row[i]
        g, old_g = old_g, g
        G, old_G = old_G, G
    return echo
