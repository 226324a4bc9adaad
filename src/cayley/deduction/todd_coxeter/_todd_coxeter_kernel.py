r"""Coset enumeration over the trivial subgroup, compiled (imported only for orders above 24).

``image[v, g]`` is the element :math:`v g` and ``preimage[w, g]`` is :math:`w g^{-1}`, -1 where not
known. A relation :math:`p q = r` closes at ``v`` where two of the three edges of
``v -p-> u -q-> w``, ``v -r-> w`` are known. Two values for one edge are a coincidence: the two
elements are one.

Every function stops between two steps when its budget is spent or an array may overflow, and can
be called again with the same arrays, so that a caller can grow them, look at the clock, or be
interrupted. All functions have explicit signatures and are cached on disk.

References:
    Felsch (1961), "Programmierung der Restklassenabzaehlung einer Gruppe nach Untergruppen".
    Holt, Eick, O'Brien (2005), "Handbook of Computational Group Theory", chapter 5.
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._todd_coxeter_python import BATCH

__all__ = ["Cosets", "Counter", "Outcome", "Relations", "load", "run"]


class Counter:
    """Places in the array of counters."""

    ROWS, ALIVE, PENDING, COINCIDENCES, FREE, DEFINED = range(6)
    SIZE = 6


class Outcome:
    """What `run` returns."""

    STABLE, CLASH, ROOM, WORKING, CLOSED, FULL = range(6)


class Cosets(NamedTuple):
    """The elements, their products with the generators, and what is still to be done.

    ``leader`` is a union-find of merged elements, ``free`` a stack of rows of merged ones,
    ``degree`` counts the known edges at an element, ``filled`` those of a generator, ``labels``
    holds the label that an element stands for, one column for each kind. ``pending`` is a stack
    of new edges ``(v, g)``, ``coincidences`` one of pairs of elements.
    """

    image: Int[NDArray[Any], "rows g"]
    preimage: Int[NDArray[Any], "rows g"]
    leader: Int[NDArray[Any], " rows"]
    free: Int[NDArray[Any], " rows"]
    degree: Int[NDArray[Any], " rows"]
    filled: Int[NDArray[Any], " g"]
    labels: Int[NDArray[Any], "rows kinds"]
    pending: Int[NDArray[Any], "p 2"]
    coincidences: Int[NDArray[Any], "c 2"]
    counters: Int[NDArray[Any], " k"]
    gain: Int[NDArray[Any], "2 g"]


class Relations(NamedTuple):
    """Relations ``p q = r`` sorted by each place, with where each generator starts.

    ``first[first_start[p]:first_start[p + 1]]`` are the ``(q, r)``, ``second`` has the ``(p, r)``
    of each ``q`` and ``product`` the ``(p, q)`` of each ``r``.
    """

    first_start: Int[NDArray[Any], " g1"]
    first: Int[NDArray[Any], "m 2"]
    second_start: Int[NDArray[Any], " g1"]
    second: Int[NDArray[Any], "m 2"]
    product_start: Int[NDArray[Any], " g1"]
    product: Int[NDArray[Any], "m 2"]


_I32, _I64 = nb.int32, nb.int64
_ROW, _ARRAY = nb.int32[::1], nb.int32[:, ::1]
_COSETS = nb.types.NamedTuple(
    [_ARRAY, _ARRAY, _ROW, _ROW, _ROW, _ROW, _ARRAY, _ARRAY, _ARRAY, nb.int64[::1], _ARRAY], Cosets
)  # type: ignore[no-untyped-call]
_RELATIONS = nb.types.NamedTuple([_ROW, _ARRAY] * 3, Relations)  # type: ignore[no-untyped-call]
_ROWS, _ALIVE, _PENDING, _COINCIDENCES, _FREE, _DEFINED = range(6)
_STABLE, _CLASH, _ROOM, _WORKING, _CLOSED, _FULL = range(6)


@nb.njit(_I32(_ROW, _I32), cache=True)
def _find(leader, v):  # type: ignore[no-untyped-def]
    while leader[v] != v:
        leader[v] = leader[leader[v]]
        v = leader[v]
    return v


@nb.njit(nb.void(_COSETS, _I32, _I32, _I32), cache=True)
def _set_edge(cosets, v, g, w):  # type: ignore[no-untyped-def]
    """Record ``v g = w`` for two live elements, or the coincidence that it implies."""
    image, preimage, counters = cosets.image, cosets.preimage, cosets.counters
    if image[v, g] >= 0 or preimage[w, g] >= 0:
        if image[v, g] == w:
            return
        k = counters[_COINCIDENCES]
        if image[v, g] >= 0:
            cosets.coincidences[k, 0], cosets.coincidences[k, 1] = image[v, g], w
        else:
            cosets.coincidences[k, 0], cosets.coincidences[k, 1] = preimage[w, g], v
        counters[_COINCIDENCES] += 1
        return
    image[v, g] = w
    preimage[w, g] = v
    cosets.degree[v] += 1
    cosets.degree[w] += 1
    cosets.filled[g] += 1
    k = counters[_PENDING]
    cosets.pending[k, 0], cosets.pending[k, 1] = v, g
    counters[_PENDING] += 1


@nb.njit(nb.boolean(_COSETS), cache=True)
def _merge(cosets):  # type: ignore[no-untyped-def]
    """Carry out one coincidence; return whether it identifies two labels of one kind."""
    image, preimage, leader, counters = (
        cosets.image,
        cosets.preimage,
        cosets.leader,
        cosets.counters,
    )
    counters[_COINCIDENCES] -= 1
    pair = cosets.coincidences[counters[_COINCIDENCES]]
    u, v = _find(leader, pair[0]), _find(leader, pair[1])
    if u == v:
        return False
    if u > v:
        u, v = v, u
    leader[v] = u
    counters[_ALIVE] -= 1
    cosets.free[counters[_FREE]] = v
    counters[_FREE] += 1
    for kind in range(cosets.labels.shape[1]):
        mine, other = cosets.labels[u, kind], cosets.labels[v, kind]
        if other >= 0:
            if mine >= 0 and mine != other:
                return True
            cosets.labels[u, kind] = other
    for g in range(image.shape[1]):
        w = image[v, g]
        if w >= 0:
            image[v, g] = preimage[w, g] = -1
            cosets.degree[w] -= 1
            cosets.filled[g] -= 1
            _set_edge(cosets, u, g, u if w == v else _find(leader, w))
        w = preimage[v, g]
        if w >= 0:
            preimage[v, g] = image[w, g] = -1
            cosets.degree[w] -= 1
            cosets.filled[g] -= 1
            _set_edge(cosets, _find(leader, w), g, u)
    return False


@nb.njit(_I64(_COSETS, _RELATIONS, _I32, _I32), cache=True)
def _deduce(cosets, relations, v, g):  # type: ignore[no-untyped-def]
    """Close the relations that the edge ``(v, g)`` is part of; return how many there are."""
    image, preimage = cosets.image, cosets.preimage
    w = image[v, g]
    start, end = relations.first_start[g], relations.first_start[g + 1]
    count = end - start
    for k in range(start, end):
        q, r = relations.first[k, 0], relations.first[k, 1]
        a, b = image[w, q], image[v, r]
        if a >= 0:
            if a != b:
                _set_edge(cosets, v, r, a)
        elif b >= 0:
            _set_edge(cosets, w, q, b)
    start, end = relations.second_start[g], relations.second_start[g + 1]
    count += end - start
    for k in range(start, end):
        p, r = relations.second[k, 0], relations.second[k, 1]
        a, b = preimage[v, p], preimage[w, r]
        if a >= 0:
            if a != b:
                _set_edge(cosets, a, r, w)
        elif b >= 0:
            _set_edge(cosets, b, p, v)
    start, end = relations.product_start[g], relations.product_start[g + 1]
    count += end - start
    for k in range(start, end):
        p, q = relations.product[k, 0], relations.product[k, 1]
        a, b = image[v, p], preimage[w, q]
        if a >= 0:
            if a != b:
                _set_edge(cosets, a, q, w)
        elif b >= 0:
            _set_edge(cosets, v, p, b)
    return count


@nb.njit(_I64(_COSETS, _RELATIONS, _I64, _I64), cache=True)
def _settle(cosets, relations, room, budget):  # type: ignore[no-untyped-def]
    """Deduce until nothing is pending; return the budget left, -1 for a clash, -2 for room.

    One step adds at most ``room`` entries to either stack.
    """
    counters = cosets.counters
    while counters[_COINCIDENCES] > 0 or counters[_PENDING] > 0:
        if budget <= 0:
            return 0
        if counters[_PENDING] + room > cosets.pending.shape[0]:
            return -2
        if counters[_COINCIDENCES] + room > cosets.coincidences.shape[0]:
            return -2
        if counters[_COINCIDENCES] > 0:
            if _merge(cosets):
                return -1
            budget -= cosets.image.shape[1]
            continue
        counters[_PENDING] -= 1
        v, g = cosets.pending[counters[_PENDING], 0], cosets.pending[counters[_PENDING], 1]
        if cosets.image[v, g] >= 0:
            budget -= 1 + _deduce(cosets, relations, v, g)
    return max(budget, 1)


@nb.njit(_I32(_COSETS), cache=True)
def _fullest(cosets):  # type: ignore[no-untyped-def]
    """Return the live element with most edges that lacks some, or -1."""
    best, place, full = -1, -1, 2 * cosets.image.shape[1]
    for v in range(cosets.counters[_ROWS]):
        if best < cosets.degree[v] < full and cosets.leader[v] == v:
            best, place = cosets.degree[v], v
    return place


@nb.njit(nb.void(_COSETS, _RELATIONS, _I32), cache=True)
def _score(cosets, relations, v):  # type: ignore[no-untyped-def]
    """For each missing edge at ``v``, out or in, count the relations that it would close."""
    out, into, gain = cosets.image[v], cosets.preimage[v], cosets.gain
    for g in range(len(out)):
        gain[0, g] = gain[1, g] = 0
        for k in range(relations.first_start[g], relations.first_start[g + 1]):
            gain[0, g] += out[relations.first[k, 1]] >= 0
            gain[1, g] += out[relations.first[k, 0]] >= 0
        for k in range(relations.second_start[g], relations.second_start[g + 1]):
            gain[0, g] += into[relations.second[k, 0]] >= 0
            gain[1, g] += into[relations.second[k, 1]] >= 0
        for k in range(relations.product_start[g], relations.product_start[g + 1]):
            gain[0, g] += out[relations.product[k, 0]] >= 0
            gain[1, g] += into[relations.product[k, 1]] >= 0


@nb.njit(nb.boolean(_COSETS, _I32), cache=True)
def _define_best(cosets, v):  # type: ignore[no-untyped-def]
    """Define the missing edge at ``v`` with the highest gain; return whether there was one."""
    best, g, side = -1, -1, 0
    for h in range(cosets.image.shape[1]):
        if cosets.image[v, h] < 0 and cosets.gain[0, h] > best:
            best, g, side = cosets.gain[0, h], h, 0
        if cosets.preimage[v, h] < 0 and cosets.gain[1, h] > best:
            best, g, side = cosets.gain[1, h], h, 1
    if g < 0:
        return False
    counters = cosets.counters
    if counters[_FREE] > 0:
        counters[_FREE] -= 1
        w = cosets.free[counters[_FREE]]
    else:
        w = np.int32(counters[_ROWS])
        counters[_ROWS] += 1
    cosets.leader[w] = w
    cosets.degree[w] = 0
    cosets.labels[w, :] = -1
    counters[_ALIVE] += 1
    counters[_DEFINED] += 1
    _set_edge(cosets, w, 0, w)
    if side == 0:
        _set_edge(cosets, v, g, w)
    else:
        _set_edge(cosets, w, g, v)
    return True


@nb.njit(_I32(_COSETS, _RELATIONS, _I64, _I64, _I64), cache=True)
def run(cosets, relations, room, budget, most):  # type: ignore[no-untyped-def]
    """Deduce, and add elements where most relations nearly close, within a budget.

    Stops before more than ``most`` elements have been defined in all; if that is negative it only
    deduces.
    """
    counters = cosets.counters
    v, done = np.int32(-1), 0
    while True:
        budget = _settle(cosets, relations, room, budget)
        if budget <= 0:
            return _WORKING if budget == 0 else _CLASH if budget == -1 else _ROOM
        if most < 0:
            return _STABLE
        if counters[_DEFINED] >= most:
            return _FULL
        if counters[_FREE] == 0 and counters[_ROWS] == cosets.leader.shape[0]:
            return _ROOM
        if v < 0 or done == BATCH or cosets.leader[v] != v:
            v, done = _fullest(cosets), 0
            if v < 0:
                return _CLOSED
            _score(cosets, relations, v)
            budget -= counters[_ROWS] + relations.first_start[-1]
        done = done + 1 if _define_best(cosets, v) else BATCH


@nb.njit(nb.void(_COSETS, _ARRAY), cache=True)
def load(cosets, edges):  # type: ignore[no-untyped-def]
    """Record the edges ``(v, g, w)``, with room for all of them."""
    for k in range(edges.shape[0]):
        _set_edge(cosets, edges[k, 0], edges[k, 1], edges[k, 2])
