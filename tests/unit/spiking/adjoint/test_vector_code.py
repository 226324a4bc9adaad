"""Functions written as LLVM code: loops at every remainder, and numbers that are none."""

import math
import subprocess
import sys

import pytest
import torch

from cayley.spiking.adjoint._vector_code import (
    Code,
    absolute,
    floor,
    larger,
    smaller,
    where,
)

SIZES = (0, 1, 3, 4, 7, 8, 9, 16, 23)


def compiled(body, **parameters):
    """Return a function of ``values`` whose elements are what ``body`` makes of them."""
    code = Code("function", counts="size", arrays="values", **parameters)

    @code.each(code["size"])
    def _(i):
        code["values"][i] = body(code["values"][i])

    return code.compile()


@pytest.mark.parametrize("size", SIZES)
def test_each_element_is_visited_and_none_after_it(size):
    function = compiled(lambda x: 3.0 - x * x / 2)
    values = torch.arange(32.0)
    expected = torch.where(torch.arange(32) < size, 3 - values**2 / 2, values)
    function(size=size, values=values)
    assert torch.equal(values, expected)


def test_functions_of_numbers():
    start = torch.tensor([-1.5, -1.0, -0.25, 0.0, 0.5, 1.0, 2.75, 100.0, -7.0])
    for body, expected in (
        (floor, start.floor()),
        (absolute, start.abs()),
        (lambda x: larger(x, 0.0), start.clamp(min=0)),
        (lambda x: smaller(x, 1.0), start.clamp(max=1)),
        (lambda x: where(x >= 1.0, 1.0 / x, x), torch.where(start >= 1, 1 / start, start)),
        (lambda x: x.convert("fptosi", "i8").convert("sitofp", "float"), start.trunc()),
    ):
        values = start.clone()
        compiled(body)(size=len(values), values=values)
        torch.testing.assert_close(values, expected)


@pytest.mark.parametrize("bound", [larger, smaller])
def test_what_is_not_a_number_stays_so(bound):
    """Divergence is found by it."""
    values = torch.tensor([math.nan, math.inf, -math.inf] * 5)
    compiled(lambda x: bound(x, 0.5))(size=15, values=values)
    assert values.isnan().tolist() == [True, False, False] * 5


@pytest.mark.parametrize("size", SIZES)
def test_a_sum_over_a_vector(size):
    code = Code("total", counts="size", arrays="values result")
    total = code.zeros()

    @code.each(code["size"])
    def _(i):
        total.set(total.get() + code["values"][i])

    code["result"][code.whole(0)] = total.get().total()
    values, result = torch.arange(1.0, 33.0), torch.zeros(1)
    code.compile()(size=size, values=values, result=result)
    assert result.item() == size * (size + 1) / 2


@pytest.mark.parametrize("size", SIZES)
def test_what_is_not_zero_is_listed_and_visited_in_groups(size):
    code = Code("list", counts="size", arrays="values counts", indices="index")
    found = code.nonzero(code["values"], code["size"], 2, code["index"])

    @code.groups(found, (4, 1))
    def _(first, members):
        for m in range(members):
            at = code["index"][first + m]
            code["counts"][at] = code["counts"][at] + float(members)

    generator = torch.Generator().manual_seed(size)
    values = torch.randint(0, 2, (2 * size + 1,), generator=generator).float()
    counts, index = torch.zeros(size), torch.zeros(size + 1, dtype=torch.int64)
    code.compile()(size=size, values=values, counts=counts, index=index)
    where_ = values[: 2 * size : 2].nonzero()[:, 0]
    assert index[: len(where_)].tolist() == where_.tolist()
    inside = len(where_) // 4 * 4
    expected = torch.zeros(size)
    expected[where_] = torch.tensor([4.0] * inside + [1.0] * (len(where_) - inside))
    assert torch.equal(counts, expected)


def test_loops_within_loops():
    code = Code("table", counts="rows columns", floats="factor", arrays="values")
    with code.loop(code["rows"]) as i, code.loop(code["columns"]) as j:
        row = code["values"].at(i * code["columns"])
        row[j] = row[j] * code["factor"]
    values = torch.arange(12.0)
    code.compile()(rows=3, columns=3, factor=0.5, values=values)
    assert torch.equal(values[:9], torch.arange(9.0) / 2)
    assert torch.equal(values[9:], torch.arange(9.0, 12.0))


def test_a_run_and_its_gradient_do_without_the_compiler_of_python():
    """The first call would take seconds with it."""
    words = (
        "import sys, torch; from cayley.spiking import GatedRecurrent; "
        "GatedRecurrent(1, 3)(torch.zeros(4, 2, 1))[0].sum().backward(); "
        "assert 'llvmlite' in sys.modules and 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", words], check=True, timeout=120)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_not_zero_is_listed_a_vector_at_a_time(size):
    code = Code("list_vectors", counts="size", arrays="values", indices="index count")
    found = code.nonzero_vectors(code["values"], code["size"], code["index"])
    code["count"][code.whole(0)] = found
    generator = torch.Generator().manual_seed(size)
    values = torch.randint(0, 2, (size + 3,), generator=generator).float()
    index, count = torch.zeros(size + 1, dtype=torch.int64), torch.zeros(1, dtype=torch.int64)
    code.compile()(size=size, values=values, index=index, count=count)
    expected = values[:size].nonzero()[:, 0].tolist()
    assert index[: int(count)].tolist() == expected
