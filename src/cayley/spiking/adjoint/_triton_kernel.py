"""The forward pass and its adjoint as Triton kernels: one program runs all steps of one sample.

State and recurrent weights stay in registers for the whole run. ``constants`` are the step over the
membrane's time constant, the width of the active zone, the decay of the output, and the decay of
each synapse. Sizes of the blocks are powers of 2, ``NEURONS`` and ``SYNAPSES``, and what is past
``neurons`` and ``synapses`` is masked; where a layer has no synapses, ``SYNAPSES`` is 0.

Triton's own interpreter runs the same code on a CPU (``TRITON_INTERPRET=1``).
"""

import math
from typing import Any

import triton
import triton.language as tl

from cayley.spiking.adjoint import _adjoint_kernel as _kind

__all__ = ["adjoint_kernel", "forward_kernel"]

_QIF = tl.constexpr(_kind.QIF)
_NIF = tl.constexpr(_kind.NIF)
_NIF_ZERO = tl.constexpr(_kind.NIF_ZERO)
_LIF = tl.constexpr(_kind.LIF)
_LIF_ZERO = tl.constexpr(_kind.LIF_ZERO)
_POLYNOMIAL = tl.constexpr(_kind.POLYNOMIAL)
_COSINE = tl.constexpr(_kind.COSINE)
_TWO_PI = tl.constexpr(2 * math.pi)


# One return in each function: Triton reads on past a return within a branch.


@triton.jit
def _advance(v: Any, current: Any, k: Any, MEMBRANE: tl.constexpr) -> Any:
    """Return the potential one step after ``v``, before turns are taken off."""
    if MEMBRANE == _QIF:
        c = tl.cos(v * _TWO_PI)
        advanced = v + k * ((1 + c) + (1 - c) * current)
    elif MEMBRANE == _NIF:
        advanced = v + k * current
    elif MEMBRANE == _NIF_ZERO:
        advanced = tl.minimum(v + k * current, 1.0)
    elif MEMBRANE == _LIF:
        velocity = current - v
        over = v + k * velocity - 1
        ratio = current / tl.where(over >= 0, velocity, 1.0)
        advanced = 1 + tl.where(over >= 0, over * ratio, over)
    elif MEMBRANE == _LIF_ZERO:
        advanced = tl.minimum(v + k * (current - v), 1.0)
    else:
        advanced = v + k * (current - v)
    return advanced


@triton.jit
def _sensitivities(v: Any, current: Any, k: Any, MEMBRANE: tl.constexpr) -> Any:
    """Return the derivatives of :func:`_advance` by the potential and by the current."""
    velocity = current - v
    over = v + k * velocity - 1
    if MEMBRANE == _QIF:
        angle = v * _TWO_PI
        by_v = 1 + k * _TWO_PI * tl.sin(angle) * (current - 1)
        by_current = k * (1 - tl.cos(angle))
    elif MEMBRANE == _NIF:
        by_v = v * 0 + 1
        by_current = v * 0 + k
    elif MEMBRANE == _NIF_ZERO:
        by_v = tl.where(v + k * current >= 1, v * 0, 1.0)
        by_current = by_v * k
    elif MEMBRANE == _LIF:
        safe = tl.where(over >= 0, velocity, 1.0)
        ratio = current / safe
        bend = over / (safe * safe)
        by_v = tl.where(over >= 0, (1 - k) * ratio + bend * current, 1 - k)
        by_current = tl.where(over >= 0, k * ratio - bend * v, k)
    elif MEMBRANE == _LIF_ZERO:
        below = tl.where(over >= 0, v * 0, 1.0)
        by_v = below * (1 - k)
        by_current = below * k
    else:
        by_v = v * 0 + (1 - k)
        by_current = v * 0 + k
    return by_v, by_current


@triton.jit
def _charge(v: Any, width: Any, GATE: tl.constexpr) -> Any:
    """Return the charge released between 0 and ``v``."""
    y = tl.minimum(tl.maximum((v - (1 - width)) / width, 0.0), 1.0)
    if GATE == _POLYNOMIAL:
        charge = y * y * (3 - 2 * y)
    elif GATE == _COSINE:
        charge = y - tl.sin(y * _TWO_PI) / _TWO_PI
    else:
        charge = y
    return charge


@triton.jit
def _density(v: Any, width: Any, GATE: tl.constexpr) -> Any:
    """Return the charge released per unit of potential."""
    y = tl.minimum(tl.maximum((v - (1 - width)) / width, 0.0), 1.0)
    if GATE == _POLYNOMIAL:
        density = 6 * y * (1 - y) / width
    elif GATE == _COSINE:
        density = (1 - tl.cos(y * _TWO_PI)) / width
    else:
        density = tl.where((y > 0) & (y < 1), y * 0 + 1, 0.0) / width
    return density


@triton.jit
def forward_kernel(  # noqa: PLR0917
    constants: Any,
    drive: Any,
    weights: Any,
    currents: Any,
    potentials: Any,
    outputs: Any,
    turns: Any,
    traces: Any,
    h: Any,
    output: Any,
    steps: Any,
    batch: Any,
    neurons: Any,
    synapses: Any,
    MEMBRANE: tl.constexpr,
    GATE: tl.constexpr,
    CYCLIC: tl.constexpr,
    NEURONS: tl.constexpr,
    SYNAPSES: tl.constexpr,
) -> None:
    """Run all steps of a sample.

    ``drive``, ``currents``, ``outputs``, ``turns`` ``(T, B, N)``; ``potentials`` ``(T + 1, B, N)``,
    the first given; ``weights`` ``(K, N, N)``; ``traces`` and the currents ``h`` that the synapses
    make of them ``(B, K, N)`` and ``output`` ``(B, N)``, stepped in place.
    """
    sample = tl.program_id(0)
    n = tl.arange(0, NEURONS)
    there = n < neurons
    k = tl.load(constants)
    width = tl.load(constants + 1)
    output_decay = tl.load(constants + 2)
    row = sample * neurons + n
    v = tl.load(potentials + row, mask=there, other=0.0)
    out = tl.load(output + row, mask=there, other=0.0)
    charge = _charge(v, width, GATE)
    if SYNAPSES > 0:
        s = tl.arange(0, SYNAPSES)
        both = (s < synapses)[:, None] & there[None, :]
        place = (sample * synapses + s[:, None]) * neurons + n[None, :]
        trace = tl.load(traces + place, mask=both, other=0.0)
        current_of = tl.load(h + place, mask=both, other=0.0)
        decays = tl.load(constants + 3 + s, mask=s < synapses, other=0.0)[:, None]
        # w[k, i, j] goes from neuron j to i.
        w = tl.load(
            weights + (s[:, None, None] * neurons + n[None, :, None]) * neurons + n[None, None, :],
            mask=both[:, :, None] & there[None, None, :],
            other=0.0,
        )
    for t in range(steps):
        # In 64 bits: a long run of a large batch has more numbers than 32 bits count.
        here = (tl.cast(t, tl.int64) * batch + sample) * neurons + n
        current = tl.load(drive + here, mask=there, other=0.0)
        if SYNAPSES > 0:
            current += tl.sum(current_of, 0)
        advanced = _advance(v, current, k, MEMBRANE)
        turn = tl.floor(advanced)
        if not CYCLIC:
            turn = tl.maximum(turn, 0.0)
        v = advanced - turn
        now = _charge(v, width, GATE)
        q = turn + now - charge
        charge = now
        out = output_decay * out + q
        if SYNAPSES > 0:
            trace = decays * trace + q[None, :]
            current_of = decays * current_of + tl.sum(w * q[None, None, :], 2)
        tl.store(currents + here, current, mask=there)
        tl.store(potentials + here + batch * neurons, v, mask=there)
        tl.store(outputs + here, out, mask=there)
        # A step with more turns than int8 holds belongs to a diverging run.
        kept = tl.minimum(tl.maximum(turn, -128.0), 127.0)
        tl.store(turns + here, kept.to(tl.int8), mask=there)
    tl.store(output + row, out, mask=there)
    if SYNAPSES > 0:
        tl.store(traces + place, trace, mask=both)


@triton.jit
def adjoint_kernel(  # noqa: PLR0917
    constants: Any,
    by_outputs: Any,
    weights: Any,
    currents: Any,
    potentials: Any,
    by_drive: Any,
    filters: Any,
    filtered: Any,
    tails: Any,
    p: Any,
    echo: Any,
    steps: Any,
    batch: Any,
    neurons: Any,
    synapses: Any,
    MEMBRANE: tl.constexpr,
    GATE: tl.constexpr,
    NEURONS: tl.constexpr,
    SYNAPSES: tl.constexpr,
    WITH_WEIGHTS: tl.constexpr,
) -> None:
    """Run the adjoint of a sample from its last step to its first.

    ``by_outputs``, ``by_drive`` ``(T, B, N)``; ``filters`` ``(T, B, K, N)``, the filtered gradients
    of the currents before each step took part, if ``WITH_WEIGHTS``; ``filtered`` and ``tails``
    ``(B, K, N)``, ``p`` and ``echo`` ``(B, N)``, stepped in place. The recursion is that of
    :mod:`cayley.spiking.adjoint._adjoint_torch`.
    """
    sample = tl.program_id(0)
    n = tl.arange(0, NEURONS)
    there = n < neurons
    k = tl.load(constants)
    width = tl.load(constants + 1)
    output_decay = tl.load(constants + 2)
    row = sample * neurons + n
    mu_next = tl.load(p + row, mask=there, other=0.0)
    e = tl.load(echo + row, mask=there, other=0.0)
    last = (tl.cast(steps, tl.int64) * batch + sample) * neurons + n
    v_next = tl.load(potentials + last, mask=there, other=0.0)
    density = _density(v_next, width, GATE)
    if SYNAPSES > 0:
        s = tl.arange(0, SYNAPSES)
        both = (s < synapses)[:, None] & there[None, :]
        place = (sample * synapses + s[:, None]) * neurons + n[None, :]
        tail = tl.load(tails + place, mask=both, other=0.0)
        filter_ = tl.zeros_like(tail)
        decays = tl.load(constants + 3 + s, mask=s < synapses, other=0.0)[:, None]
        w = tl.load(
            weights + (s[:, None, None] * neurons + n[None, :, None]) * neurons + n[None, None, :],
            mask=both[:, :, None] & there[None, None, :],
            other=0.0,
        )
    for back in range(steps):
        t = tl.cast(steps - 1 - back, tl.int64)
        here = (t * batch + sample) * neurons + n
        v = tl.load(potentials + here, mask=there, other=0.0)
        current = tl.load(currents + here, mask=there, other=0.0)
        before = _density(v, width, GATE)
        # No decay before the last step: the gradient of the last state is by the trace itself.
        e = tl.load(by_outputs + here, mask=there, other=0.0) + e * tl.where(
            back == 0, 1.0, output_decay
        )
        lam = e
        if SYNAPSES > 0:
            lam += tl.sum(tl.sum(w * filter_[:, :, None], 0), 0) + tl.sum(tail, 0)
            if WITH_WEIGHTS:
                into = ((t * batch + sample) * synapses + s[:, None]) * neurons + n[None, :]
                tl.store(filters + into, filter_, mask=both)
        mu = mu_next + density * lam
        by_v, by_current = _sensitivities(v, current, k, MEMBRANE)
        by = mu * by_current
        tl.store(by_drive + here, by, mask=there)
        mu_next = mu * by_v - before * lam
        density = before
        if SYNAPSES > 0:
            filter_ = decays * filter_ + by[None, :]
            tail = decays * tail
    tl.store(p + row, mu_next, mask=there)
    tl.store(echo + row, output_decay * e, mask=there)
    if SYNAPSES > 0:
        tl.store(filtered + place, filter_, mask=both)
        tl.store(tails + place, tail, mask=both)
