"""Functions on float32 arrays written as LLVM code, and compiled for this processor.

A :class:`Code` is a function of type ``void`` under construction: arithmetic on its
:class:`Value` objects appends instructions, ``loop`` and ``each`` make loops. ``each`` goes
through an array in vectors of the processor's width; what is left of it is one vector under a
mask. LLVM has little left to find out about such code and compiles it in a tenth of a second; a
general compiler for Python takes twenty times as long for the same loops.

Example:
    >>> import torch
    >>> code = Code("double", counts="size", arrays="values")
    >>> @code.each(code["size"])
    ... def _(i):
    ...     code["values"][i] = code["values"][i] * 2
    >>> double = code.compile()
    >>> values = torch.arange(11.0)
    >>> double(size=11, values=values)
    >>> values.tolist() == [2.0 * i for i in range(11)]
    True
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from cayley.spiking.adjoint._llvm import compile_function, vector_width

__all__ = [
    "Array",
    "Code",
    "Place",
    "Value",
    "Variable",
    "absolute",
    "floor",
    "larger",
    "smaller",
    "where",
]

# Not "nnan" or "ninf": overflow must stay visible, since divergence and chaos are found by it.
_FAST = "reassoc nsz arcp contract"
_BITS = {"float": 32, "i8": 8, "i64": 64}


class Value:
    """A number in the function, or a vector of them; ``kind`` is its type in LLVM."""

    __slots__ = ("code", "kind", "name")

    def __init__(self, code: "Code", kind: str, name: str) -> None:
        self.code, self.kind, self.name = code, kind, name

    def __add__(self, other: "Value | float") -> "Value":
        return self.code._binary("add", self, other)

    def __sub__(self, other: "Value | float") -> "Value":
        return self.code._binary("sub", self, other)

    def __mul__(self, other: "Value | float") -> "Value":
        return self.code._binary("mul", self, other)

    def __truediv__(self, other: "Value | float") -> "Value":
        return self.code._binary("div", self, other)

    def __radd__(self, other: float) -> "Value":
        return self + other

    def __rmul__(self, other: float) -> "Value":
        return self * other

    def __rsub__(self, other: float) -> "Value":
        return self.code._like(other, self) - self

    def __rtruediv__(self, other: float) -> "Value":
        return self.code._like(other, self) / self

    def __gt__(self, other: "Value | float") -> "Value":
        return self.code._compare("ogt", "sgt", self, other)

    def __ge__(self, other: "Value | float") -> "Value":
        return self.code._compare("oge", "sge", self, other)

    def differs(self, other: "Value | float") -> "Value":
        """Return whether two numbers differ; what is not a number differs from all."""
        return self.code._compare("une", "ne", self, other)

    def convert(self, operation: str, element: str) -> "Value":
        """Return the number as another type, by an instruction of LLVM such as ``fptosi``."""
        kind = self.code._vector(element) if self.is_vector else element
        return self.code._emit(kind, f"{operation} {self.kind} {self.name} to {kind}")

    def total(self) -> "Value":
        """Return the sum of a vector's elements."""
        return self.code._call("llvm.vector.reduce.fadd", "float", self.code._number(0.0), self)

    @property
    def is_vector(self) -> bool:
        """Whether this is a vector."""
        return self.kind.startswith("<")


class Place(NamedTuple):
    """Where a vector begins in an array, and which of its elements are in the array, if not all."""

    start: Value
    mask: Value | None


class Variable:
    """A value that instructions may change."""

    def __init__(self, code: "Code", start: Value) -> None:
        self.code, self.kind, self.name = code, start.kind, code._name("variable")
        code.entry.append(f"{self.name} = alloca {self.kind}")
        self.set(start)

    def get(self) -> Value:
        """Return the value that it has now."""
        return self.code._emit(self.kind, f"load {self.kind}, ptr {self.name}")

    def set(self, value: Value) -> None:
        """Change the value."""
        self.code._do(f"store {self.kind} {value.name}, ptr {self.name}")


class Array:
    """An array in the function: ``array[index]`` is a number, ``array[place]`` a vector."""

    def __init__(self, code: "Code", name: str, element: str) -> None:
        self.code, self.name, self.element = code, name, element

    def at(self, offset: Value | int) -> "Array":
        """Return the array from an offset on."""
        offset = self.code._like(offset, "i64")
        address = self.code._emit(
            "ptr", f"getelementptr {self.element}, ptr {self.name}, i64 {offset.name}"
        )
        return Array(self.code, address.name, self.element)

    def __getitem__(self, where_to: Value | Place) -> Value:
        code, size = self.code, _BITS[self.element] // 8
        if isinstance(where_to, Value):
            return code._emit(self.element, f"load {self.element}, ptr {self.at(where_to).name}")
        kind, address = code._vector(self.element), self.at(where_to.start).name
        if where_to.mask is None:
            return code._emit(kind, f"load {kind}, ptr {address}, align {size}")
        return code._intrinsic(
            f"llvm.masked.load.{_suffix(kind)}.p0",
            kind,
            ("ptr", address),
            ("i32", str(size)),
            (where_to.mask.kind, where_to.mask.name),
            (kind, "zeroinitializer"),
        )

    def __setitem__(self, where_to: Value | Place, value: Value) -> None:
        code, size = self.code, _BITS[self.element] // 8
        if isinstance(where_to, Value):
            address = self.at(where_to).name
            code._do(f"store {self.element} {value.name}, ptr {address}")
            return
        address = self.at(where_to.start).name
        if where_to.mask is None:
            code._do(f"store {value.kind} {value.name}, ptr {address}, align {size}")
            return
        code._intrinsic(
            f"llvm.masked.store.{_suffix(value.kind)}.p0",
            "void",
            (value.kind, value.name),
            ("ptr", address),
            ("i32", str(size)),
            (where_to.mask.kind, where_to.mask.name),
        )


class Code:
    """A function under construction; its parameters by name are ``code[name]``.

    Args:
        name: Of the function.
        counts: Names of the parameters that are integers.
        floats: Those that are float32 numbers.
        arrays: Those that are arrays of float32. No two may share memory.
        bytes_: Those that are arrays of int8, likewise.
        indices: Those that are arrays of int64, likewise.
    """

    def __init__(
        self,
        name: str,
        *,
        counts: str = "",
        floats: str = "",
        arrays: str = "",
        bytes_: str = "",
        indices: str = "",
    ) -> None:
        self.name, self.width = name, vector_width()
        self.parameters: dict[str, str] = {}
        self._named: dict[str, Value | Array] = {}
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.declared: dict[str, str] = {}
        self._count = 0
        for names, element in ((counts, "i64"), (floats, "float")):
            for each in names.split():
                self.parameters[each] = element
                self._named[each] = Value(self, element, f"%{each}")
        for names, element in ((arrays, "float"), (bytes_, "i8"), (indices, "i64")):
            for each in names.split():
                self.parameters[each] = "ptr"
                self._named[each] = Array(self, f"%{each}", element)

    def __getitem__(self, name: str) -> Any:
        return self._named[name]

    # ---- loops

    @contextmanager
    def loop(self, count: Value) -> Iterator[Value]:
        """Repeat the block for 0, 1, ... below ``count``."""
        head, body, end = (self._name(part)[1:] for part in ("head", "body", "end"))
        counter = Variable(self, self.whole(0))
        self._do(f"br label %{head}")
        self._label(head)
        now = counter.get()
        self._do(f"br i1 {(count > now).name}, label %{body}, label %{end}")
        self._label(body)
        yield now
        counter.set(now + 1)
        self._do(f"br label %{head}")
        self._label(end)

    def each(self, size: Value) -> Callable[[Callable[[Place], None]], None]:
        """Write code for each element of arrays of that size, as a decorator of what it is."""

        def write(body: Callable[[Place], None]) -> None:
            wide, shift = self.width, self.width.bit_length() - 1
            blocks = self._emit("i64", f"lshr i64 {size.name}, {shift}")
            with self.loop(blocks) as block:
                body(Place(block * wide, None))
            done = blocks * wide
            rest = size - done
            # A loop of one round or none.
            with self.loop((rest > 0).convert("zext", "i64")):
                lanes = ", ".join(f"i64 {lane}" for lane in range(wide))
                kind = self._vector("i64")
                below = self._emit(
                    self._vector("i1"), f"icmp ult {kind} <{lanes}>, {self._spread(rest).name}"
                )
                body(Place(done, below))

        return write

    def nonzero(self, values: Array, count: Value, stride: Value | int, index: Array) -> Value:
        """Put the numbers of the entries that are not 0 into ``index``, and return how many.

        Those of an array of bytes must be 0 or 1.
        """
        found = Variable(self, self.whole(0))
        with self.loop(count) as j:
            # Without a branch: every j is written, and kept only if the count moves on.
            at = found.get()
            index[at] = j
            value = values[j * stride]
            counts = value if values.element == "i8" else value.differs(0.0)
            found.set(at + counts.convert("zext", "i64"))
        return found.get()

    def nonzero_vectors(self, values: Array, count: Value, index: Array) -> Value:
        """Do what :meth:`nonzero` does, a vector at a time: for arrays that are mostly 0."""
        found = Variable(self, self.whole(0))

        @self.each(count)
        def _(i: Place) -> None:
            lanes = values[i].differs(0.0)
            bits = self._emit(
                f"i{self.width}", f"bitcast {lanes.kind} {lanes.name} to i{self.width}"
            )
            left = Variable(self, bits.convert("zext", "i64"))
            with self.loop(self._call("llvm.ctpop", "i64", left.get())):
                now, at = left.get(), found.get()
                lowest = self._intrinsic("llvm.cttz.i64", "i64", ("i64", now.name), ("i1", "true"))
                index[at] = i.start + lowest
                found.set(at + 1)
                left.set(self._emit("i64", f"and i64 {now.name}, {(now - 1).name}"))

        return found.get()

    def groups(
        self, count: Value, sizes: Sequence[int]
    ) -> Callable[[Callable[[Value, int], None]], None]:
        """Write code for ``count`` things in groups, the large ones first, as a decorator.

        What it decorates is called with the number of the first thing and the size of the group.
        """

        def write(body: Callable[[Value, int], None]) -> None:
            done = self.whole(0)
            for size in sizes:
                left = count - done
                number = self._emit("i64", f"udiv i64 {left.name}, {size}")
                with self.loop(number) as group:
                    body(done + group * size, size)
                done = done + number * size

        return write

    def whole(self, value: int) -> Value:
        """Return a constant integer."""
        return self._like(value, "i64")

    def zeros(self) -> Variable:
        """Return a variable that is a vector of zeros."""
        return Variable(self, Value(self, self._vector("float"), "zeroinitializer"))

    # ---- instructions

    def _name(self, stem: str = "t") -> str:
        self._count += 1
        return f"%{stem}.{self._count}"

    def _do(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def _label(self, name: str) -> None:
        self.lines.append(f"{name}:")

    def _emit(self, kind: str, text: str) -> Value:
        name = self._name()
        self._do(f"{name} = {text}")
        return Value(self, kind, name)

    def _vector(self, element: str) -> str:
        return f"<{self.width} x {element}>"

    def _number(self, value: float) -> Value:
        """Return a constant, which LLVM wants in hexadecimal as a double."""
        single = struct.unpack("f", struct.pack("f", value))[0]
        return Value(self, "float", f"0x{struct.pack('>d', single).hex()}")

    def _spread(self, value: Value) -> Value:
        """Return the vector of equal numbers."""
        kind = self._vector(value.kind)
        first = self._emit(kind, f"insertelement {kind} poison, {value.kind} {value.name}, i64 0")
        zeros = f"{self._vector('i32')} zeroinitializer"
        return self._emit(kind, f"shufflevector {kind} {first.name}, {kind} poison, {zeros}")

    def _like(self, value: Value | float, other: "Value | str") -> Value:
        """Return a number as a value of the kind of another: spread over a vector if that is."""
        kind = other if isinstance(other, str) else other.kind
        if not isinstance(value, Value):
            if kind.endswith("i64") or kind == "i64":
                value = Value(self, "i64", str(int(value)))
            else:
                value = self._number(value)
        return self._spread(value) if kind.startswith("<") and not value.is_vector else value

    def _both(self, first: Value, second: Value | float) -> tuple[Value, Value]:
        if isinstance(second, Value) and second.is_vector:
            return self._like(first, second), second
        return first, self._like(second, first)

    def _binary(self, operation: str, first: Value, second: Value | float) -> Value:
        a, b = self._both(first, second)
        if "float" in a.kind:
            operation = f"f{operation} {_FAST}"
        return self._emit(a.kind, f"{operation} {a.kind} {a.name}, {b.name}")

    def _compare(self, real: str, whole: str, first: Value, second: Value | float) -> Value:
        a, b = self._both(first, second)
        operation = f"fcmp {real}" if "float" in a.kind else f"icmp {whole}"
        kind = self._vector("i1") if a.is_vector else "i1"
        return self._emit(kind, f"{operation} {a.kind} {a.name}, {b.name}")

    def _call(self, function: str, result: str, *values: Value) -> Value:
        """Call a function of LLVM whose name ends in the type of its last argument."""
        name = f"{function}.{_suffix(values[-1].kind)}"
        return self._intrinsic(name, result, *((value.kind, value.name) for value in values))

    def _intrinsic(self, name: str, result: str, *arguments: tuple[str, str]) -> Value:
        kinds = ", ".join(kind for kind, _ in arguments)
        self.declared[name] = f"declare {result} @{name}({kinds})"
        given = ", ".join(f"{kind} {value}" for kind, value in arguments)
        if result == "void":
            self._do(f"call void @{name}({given})")
            return Value(self, "void", "")
        flags = f"{_FAST} " if "float" in result and "masked" not in name else ""
        return self._emit(result, f"call {flags}{result} @{name}({given})")

    # ---- the whole

    def text(self) -> str:
        """Return the function as text of LLVM."""
        given = ", ".join(
            f"{kind}{' noalias' if kind == 'ptr' else ''} %{name}"
            for name, kind in self.parameters.items()
        )
        lines = [
            *self.declared.values(),
            f"define void @{self.name}({given}) {{",
            "entry:",
            *(f"  {line}" for line in self.entry),
            *self.lines,
            "  ret void",
            "}",
        ]
        return "\n".join(lines)

    def compile(self) -> Callable[..., None]:
        """Return the function; it takes its arguments by name, arrays as contiguous tensors."""
        return compile_function(self.name, self.parameters, self.text())


def where(condition: Value, first: Value | float, second: Value | float) -> Value:
    """Return ``first`` where the condition holds, else ``second``."""
    code = condition.code
    shape = code._vector("float") if condition.is_vector else "float"
    a, b = code._like(first, shape), code._like(second, shape)
    return code._emit(
        a.kind, f"select {condition.kind} {condition.name}, {a.kind} {a.name}, {b.kind} {b.name}"
    )


def larger(value: Value, bound: float) -> Value:
    """Return the larger of a value and a bound; what is not a number stays so."""
    return where(value.code._like(bound, value) > value, bound, value)


def smaller(value: Value, bound: float) -> Value:
    """Return the smaller of a value and a bound; what is not a number stays so."""
    return where(value > bound, bound, value)


def floor(value: Value) -> Value:
    """Return the largest whole number that is not above the value."""
    return value.code._call("llvm.floor", value.kind, value)


def absolute(value: Value) -> Value:
    """Return the value without its sign."""
    return value.code._call("llvm.fabs", value.kind, value)


def _suffix(kind: str) -> str:
    """Return the end of the name of a function of LLVM for a type: ``v8f32``, ``f32``."""
    if not kind.startswith("<"):
        return kind.replace("float", "f32")
    count, element = kind.strip("<>").split(" x ")
    return f"v{count}{element.replace('float', 'f32')}"
