"""From the text of a function in LLVM's language to a function that takes tensors."""

import ctypes
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import llvmlite.binding as llvm
from torch import Tensor

__all__ = ["compile_function", "vector_width"]

_ARGUMENTS: dict[str, Any] = {
    "float": ctypes.c_float,
    "i64": ctypes.c_int64,
    "ptr": ctypes.c_void_p,
}


@cache
def vector_width() -> int:
    """Return how many float32 numbers a vector of this processor has."""
    # Vectors of 16, where there are any, were no faster.
    return 8 if llvm.get_host_cpu_features().get("avx2") else 4


def compile_function(name: str, parameters: Mapping[str, str], text: str) -> Callable[..., None]:
    """Return the function of that name; it takes its arguments by name.

    Args:
        name: Of the function in the text; it returns nothing.
        parameters: The types of its parameters by name, in their order: ``float``, ``i64``, and
            ``ptr`` for tensors, which must be contiguous.
        text: A module in LLVM's language.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    # For each function anew, since it ends with the engine.
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
    )
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    # Loops are written in vectors.
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = False
    passes = llvm.create_pass_builder(machine, options)
    module = llvm.parse_assembly(text, context=llvm.create_context())
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    passes.getModulePassManager().run(module, passes)
    passes.close()
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    signature = ctypes.CFUNCTYPE(None, *(_ARGUMENTS[kind] for kind in parameters.values()))
    function = signature(engine.get_function_address(name))

    def call(**arguments: Any) -> None:
        # The compiled code ends with the engine, which this function keeps.
        assert engine is not None
        function(*(_argument(arguments[each]) for each in parameters))

    return call


def _argument(value: Tensor | float) -> float:
    """Return a number, or the address of a tensor."""
    if not isinstance(value, Tensor):
        return value
    assert value.is_contiguous()
    return value.data_ptr()
