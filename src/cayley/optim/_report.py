"""What a conversion did: which layers were turned, which were left as they are, and why."""

from typing import Generic, NamedTuple, TypeVar

from torch import nn
from torch.nn.parameter import UninitializedParameter
from torch.nn.utils.parametrize import is_parametrized

from cayley.optim._kinds import damped_class, is_subclass_of_a_kind

__all__ = ["Conversion", "cannot_be_converted", "has_a_matrix", "seems_linear"]

Model = TypeVar("Model", bound=nn.Module)


class Conversion(NamedTuple, Generic[Model]):
    """A converted model, with the names of its layers.

    Attributes:
        model: The model that was converted.
        converted: What each converted layer was, by name.
        left: Why each other layer that has a matrix of weights was left as it is, by name.
    """

    model: Model
    converted: dict[str, str]
    left: dict[str, str]

    def __str__(self) -> str:
        lines = [f"{name or '(the model)'}: {kind}" for name, kind in self.converted.items()]
        left = [f"{name or '(the model)'}: left, {why}" for name, why in self.left.items()]
        return "\n".join([*lines, *left])


def cannot_be_converted(module: nn.Module) -> str | None:
    """Return why a module cannot be converted, or None if it can."""
    kind = type(module)
    if type(module) is nn.Embedding and (module.sparse or module.max_norm is not None):
        if module.sparse:
            return "its gradient is sparse"
        return "`max_norm` changes its weight in the forward pass"
    return None if damped_class(kind) is not None else _unknown(module, kind)


def _unknown(module: nn.Module, kind: type[nn.Module]) -> str:
    """Return what is in the way of a class that cannot be converted."""
    if ".quantized" in kind.__module__ and kind.__module__.startswith("torch."):
        return "it is quantized and has no weight gradient; convert before quantizing"
    if any(each.__name__ == "FSDPModule" for each in kind.__mro__):
        return "`fully_shard` was applied to it; convert first, then shard"
    if is_parametrized(module):
        return "it is parametrized; convert before any parametrization"
    base = is_subclass_of_a_kind(kind)
    if base is not None:
        return (
            f"a {kind.__name__} is a subclass of {base.__name__}, which may have a forward pass of "
            "its own or be read by its parent without being called"
        )
    return f"nothing is known of what a {kind.__name__} does with its weights"


def has_a_matrix(module: nn.Module) -> bool:
    """Return whether a module itself holds a trained matrix, or one that quantization took."""
    if ".quantized" in type(module).__module__ and hasattr(module, "weight"):
        return True
    if is_parametrized(module):  # its matrix is among its children
        return True
    for parameter in module.parameters(recurse=False):
        if isinstance(parameter, UninitializedParameter):  # it has no shape yet
            if is_subclass_of_a_kind(type(module)) is not None:
                return True
        elif parameter.requires_grad and (parameter.dim() > 1 or parameter.numel() == 0):
            return True
    return False


def seems_linear(module: nn.Module) -> bool:
    """Return whether one would expect that a module is converted, and ought to be told if not."""
    known = is_subclass_of_a_kind(type(module)) is not None
    return known or isinstance(module, nn.Bilinear) or ".quantized" in type(module).__module__
