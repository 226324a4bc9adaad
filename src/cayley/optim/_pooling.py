"""Second moments pooled over microbatches and processes, and their use just before a step."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd
from torch.optim import Optimizer

from cayley._shapes import Float, Num
from cayley.optim._damped_inverse import damped_solve
from cayley.optim._damping import DampingSettings
from cayley.optim._kinds import is_transposed_linear
from cayley.optim._layers import Damped

__all__ = ["pool_statistics"]


class Pool:
    """The Gram matrix of a layer's inputs and their number, since the last step."""

    def __init__(self, layer: Any) -> None:
        weight = layer.weight
        self.transposed = is_transposed_linear(type(layer))
        self.groups = layer.groups if isinstance(layer, _ConvNd) else 1
        outputs = weight.shape[1 if self.transposed else 0]
        self.columns = weight.numel() // outputs
        self.outputs = outputs // self.groups
        self.augment = layer.settings.precondition_bias and layer.bias is not None
        self.task: int | None = None
        self.weight = weight
        self.solve_dtype = layer.settings.solve_dtype
        self.clear()

    def clear(self) -> None:
        """Forget all samples."""
        size = self.columns + self.augment
        # Sums over many batches lose digits that the solve needs, unless they are of float64.
        dtype = self.solve_dtype or torch.float64
        self.gram = torch.zeros(self.groups, size, size, dtype=dtype, device=self.weight.device)
        self.samples = torch.zeros((), dtype=torch.float64, device=self.weight.device)

    def add(self, a: Float[Tensor, "*k N n"], rows: Num[Tensor, " N"] | None) -> None:
        """Add the inputs of a backward pass."""
        task = torch._C._current_graph_task_id()
        if self.weight.grad is None and task != self.task:
            self.clear()  # gradients were dropped without a step, as a gradient scaler does
        self.task = task
        a = a if a.dim() == 3 else a.unsqueeze(0)
        a = a.to(self.gram.dtype)
        if rows is None:
            self.samples += a.shape[-2]
            self.gram += a.mT @ a
        else:
            weights = rows.to(a.dtype).unsqueeze(-1)
            self.samples += weights.sum()
            self.gram += torch.where(weights > 0, a * weights, 0).mT @ torch.where(
                weights > 0, a, 0
            )

    def precondition(self, layer: Any, settings: DampingSettings, group: Any) -> None:
        """Multiply the layer's gradient by the inverse of the pooled matrix, in place."""
        if dist.is_available() and dist.is_initialized():
            dist.all_reduce(self.gram, group=group)
            dist.all_reduce(self.samples, group=group)
        gradient = layer.weight.grad
        if gradient is None:
            self.clear()
            return
        if type(gradient) is not Tensor:
            raise TypeError(
                f"pooled statistics need whole gradients; got a {type(gradient).__name__}. Use "
                "`DistributedDataParallel`, or no pooling."
            )
        samples = torch.where(self.samples > 0, self.samples, 1)
        size = self.columns
        ridge = (
            settings.damping / (size + self.augment)
            if settings.relative
            else samples * settings.damping
        )
        whole = gradient.T if self.transposed else gradient
        G = whole.reshape(self.groups, self.outputs, size).to(self.gram.dtype)
        if self.augment:
            G = torch.cat(
                [G, layer.bias.grad.view(self.groups, self.outputs, 1).to(self.gram.dtype)], -1
            )
        result, _ = damped_solve(G, self.gram, ridge, relative=settings.relative)
        if self.augment:
            layer.bias.grad.copy_(result[..., -1].reshape(-1))
            result = result[..., :-1]
        result = result.reshape(whole.shape)
        gradient.copy_(result.T if self.transposed else result)
        self.clear()


class Pooling:
    """What :func:`pool_statistics` has set up; :meth:`remove` undoes it."""

    def __init__(self, layers: dict[str, Any], optimizer: Optimizer, group: Any) -> None:
        self.layers, self.group = layers, group
        for layer in layers.values():
            layer.pool = Pool(layer)
        self.handle = optimizer.register_step_pre_hook(self._before_step)

    def _before_step(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if (len(args) > 1 and args[1] is not None) or kwargs.get("closure") is not None:
            raise RuntimeError(
                "pooled statistics are used before a step, when gradients are there; a closure "
                "computes them within it. Call `optimizer.step()` without one."
            )
        with torch.no_grad():
            for layer in self.layers.values():
                layer.pool.precondition(layer, layer.settings, self.group)

    def remove(self) -> None:
        """Let each backward pass precondition its own gradient again."""
        self.handle.remove()
        for layer in self.layers.values():
            layer.pool = None


def pool_statistics(model: nn.Module, optimizer: Optimizer, *, group: Any = None) -> Pooling:
    r"""Precondition once a step, by the inputs of all microbatches and processes together.

    By default every backward pass preconditions its own gradient by its own inputs. After this
    call gradients are plain ones, backward passes add up :math:`a^\top a` and :math:`N`, and
    ``optimizer.step()`` first adds these over the processes of ``group`` and then preconditions:
    accumulation and ``DistributedDataParallel`` give the gradient of the joint batch. Between the
    backward pass and the step (where gradients are clipped, for instance) gradients are plain.

    The form is that by features: a layer with :math:`n` inputs stores :math:`n^2` numbers of
    float64 (of ``solve_dtype``, if that is given), each backward pass costs :math:`N n^2`, each
    step :math:`n^3 + m n^2` and, with more than one process, the transfer of :math:`n^2` numbers. A
    layer that is used several times in a forward pass pools the inputs of all its uses.

    Args:
        model: With ISAAC layers: linear layers, ``Conv1D`` and convolutions.
        optimizer: Of the model's parameters.
        group: Processes of torch.distributed; by default all, where it is initialized.

    Returns:
        An object whose ``remove()`` undoes this.

    Raises:
        TypeError: If ``model`` or ``optimizer`` are of another kind.
        ValueError: If there is no ISAAC layer, one of a kind whose statistics are not pooled, or
            one whose weight is shared with another layer.

    Example:
        >>> import torch
        >>> from cayley.optim import convert, isaac_weight_gradient, pool_statistics
        >>> model = convert(torch.nn.Linear(3, 2, bias=False).double(), damping=0.1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
        >>> pooling = pool_statistics(model, optimizer)
        >>> inputs = torch.eye(6, 3, dtype=torch.float64)
        >>> for part in inputs.split(2):
        ...     model(part).sum().backward()
        >>> optimizer.step()
        >>> joint = isaac_weight_gradient(inputs, torch.ones(6, 2).double(), damping=0.1)
        >>> torch.allclose(model.weight.grad, joint)
        True
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"`model` must be a torch.nn.Module; got {type(model).__name__}.")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"`optimizer` must be one of torch.optim; got {type(optimizer).__name__}.")
    layers = {name: m for name, m in model.named_modules() if isinstance(m, Damped)}
    if not layers:
        raise ValueError("`model` has no ISAAC layer; call `cayley.optim.convert` first.")
    owners: dict[int, int] = {}
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            owners[id(parameter)] = owners.get(id(parameter), 0) + 1
    for name, layer in layers.items():
        if not layer.poolable:
            raise ValueError(
                f"statistics of layer {name!r}, a {type(layer).__name__}, are not pooled: only "
                "those of linear layers, Conv1D and convolutions. Convert only these (`layers`)."
            )
        if owners[id(layer.weight)] > 1:
            raise ValueError(
                f"the weight of layer {name!r} belongs to another layer too, whose inputs are "
                "others; one second moment cannot precondition both. Leave it out (`layers=`)."
            )
        if layer.pool is not None:
            raise ValueError(f"layer {name!r} is pooled already; `remove()` that first.")
    return Pooling(layers, optimizer, group)
