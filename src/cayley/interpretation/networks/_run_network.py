"""Running a network of torch on all pairs of symbols, with what its layers give and after changes.

The network is left as it was: training modes and weights are put back, hooks are removed, and no
gradient is recorded.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.interpretation.networks._named_matrices import SymbolMatrix, symbol_matrix
from cayley.interpretation.networks._network_parts import NetworkParts, near_names

__all__ = ["RunningNetwork"]

_CHUNK = 4096
"""Pairs in a batch: a transformer of width 128 then needs some 50 MB for its activations."""

_LARGEST = 1 << 31
"""Most bytes that the neurons of all layers may take, as float32."""

Network = nn.Module | Callable[..., Tensor]


class RunningNetwork:
    """A network on ``n`` symbols that answers for all pairs, also after a change.

    Args:
        network: A module, or a function of tensors.
        n: The number of symbols.
        embedding: Names of the embeddings, or None.
        unembedding: Name of the unembedding, or None.
        layers: Names of the layers to look at.
        prompt: From two tensors of symbols to the input.
        tokens: Numbers of the symbols as ``left``, ``right`` and ``result``.

    Raises:
        ValueError: If a name does not exist, or shapes do not fit ``n``.
        TypeError: If it is no module where names are given.
    """

    def __init__(
        self,
        network: Network,
        n: int,
        *,
        embedding: str | tuple[str, str] | None = None,
        unembedding: str | None = None,
        layers: Sequence[str] = (),
        prompt: Callable[[Tensor, Tensor], Any] | None = None,
        tokens: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.network, self.order, self.prompt = network, n, prompt
        self.tokens = {name: list(ids) for name, ids in (tokens or {}).items()}
        self.notes: list[str] = []
        self._check_tokens()
        named = embedding is not None or unembedding is not None or bool(layers)
        if named and not isinstance(network, nn.Module):
            raise TypeError(
                "`embedding`, `unembedding` and `layers` are names of a module's parts; "
                f"`network` is a {type(network).__name__}. Give the module and `prompt`."
            )
        self.layers = tuple(layers)
        if isinstance(network, nn.Module):
            modules = dict(network.named_modules())
            for layer in self.layers:
                if layer not in modules:
                    names = [name for name in modules if name]
                    raise ValueError(f"`layers`: no module {layer!r}; {near_names(layer, names)}.")
        self._named = (embedding, embedding) if isinstance(embedding, str) else embedding
        self._unembedding = unembedding
        self._dimensions: dict[str, int] = {}
        self.matrices()  # names and shapes are checked before anything runs

    def matrices(self) -> dict[str, SymbolMatrix]:
        """Return the embeddings and the unembedding as they are now."""
        found = {}
        assert isinstance(self.network, nn.Module) or self._named is None
        if self._named is not None:
            assert isinstance(self.network, nn.Module)
            for side, name in zip(("left", "right"), self._named, strict=True):
                found[side] = symbol_matrix(
                    self.network, name, self.order, self.tokens.get(side), argument="embedding"
                )
        if self._unembedding is not None:
            assert isinstance(self.network, nn.Module)
            found["unembedding"] = symbol_matrix(
                self.network,
                self._unembedding,
                self.order,
                self.tokens.get("result"),
                argument="unembedding",
            )
        return found

    @property
    def is_shared(self) -> bool:
        """Whether both operands have the same rows of the same parameter as embedding."""
        return (
            self._named is not None
            and self._named[0] == self._named[1]
            and self.tokens.get("left") == self.tokens.get("right")
        )

    def parts(self) -> NetworkParts:
        """Run the network on all pairs and return what there is to look at."""
        answers, ties, neurons = self._run(self.layers)
        found = self.matrices()
        weights = {side: each.parameter for side, each in found.items()}
        if "left" in weights and weights["left"] is weights.get("unembedding"):
            self.notes.append(
                "The embedding is the unembedding, too: where parts are taken away from the one, "
                "they are from the other."
            )
        matrices = {side: each.values() for side, each in found.items()}
        left, right = matrices.get("left"), matrices.get("right")
        return NetworkParts(
            order=self.order,
            answers=answers,
            left=left,
            right=left if self.is_shared else right,
            unembedding=matrices.get("unembedding"),
            neurons=neurons,
            ties=ties,
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def answers(self) -> Int[NDArray[Any], "n n"]:
        """Return the symbol with the highest logit for each pair."""
        return self._run(())[0]

    def with_embeddings(
        self, left: Float[NDArray[Any], "n d"], right: Float[NDArray[Any], "n d"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with other embeddings; a shared one takes ``left``."""
        matrices = self.matrices()
        with matrices["left"].replaced(left):
            if self.is_shared:
                return self.answers()
            with matrices["right"].replaced(right):
                return self.answers()

    def without_neurons(
        self,
        layer: str,
        neurons: Int[NDArray[Any], " k"],
        means: Float[NDArray[Any], " m"],
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with neurons of a layer replaced by their means over all pairs."""
        chosen, values = torch.from_numpy(neurons), torch.tensor(means)

        def change(output: Tensor, _a: Tensor, _b: Tensor) -> Tensor:
            changed = output.clone()
            changed[..., chosen.to(output.device)] = values[chosen].to(output)
            return changed

        with self._changing(layer, change):
            return self.answers()

    def with_sums(
        self, layer: str, left: Float[NDArray[Any], "n m"], right: Float[NDArray[Any], "n m"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with a layer's neurons replaced by ``left[a] + right[b]``."""
        first, second = torch.from_numpy(left), torch.from_numpy(right)

        def change(output: Tensor, a: Tensor, b: Tensor) -> Tensor:
            return (first[a.cpu()] + second[b.cpu()]).to(output)

        with self._changing(layer, change):
            return self.answers()

    def _check_tokens(self) -> None:
        for name, ids in self.tokens.items():
            if name not in ("left", "right", "result"):
                raise ValueError(f"`tokens` has 'left', 'right' and 'result'; got {name!r}.")
            if len(ids) != self.order or min(ids) < 0:
                raise ValueError(
                    f"`tokens[{name!r}]` must be {self.order} numbers >= 0, one a symbol; "
                    f"got {len(ids)}."
                )

    @contextmanager
    def _changing(
        self, layer: str, change: Callable[[Tensor, Tensor, Tensor], Tensor]
    ) -> Iterator[None]:
        """Change what a layer gives at the last position while the block runs."""
        assert isinstance(self.network, nn.Module)

        def hook(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
            if output.ndim == 3:
                changed = output.clone()
                changed[:, -1] = change(output[:, -1], *self._pairs)
                return changed
            return change(output, *self._pairs)

        handle = dict(self.network.named_modules())[layer].register_forward_hook(hook)
        try:
            yield
        finally:
            handle.remove()

    @torch.no_grad()
    def _run(self, layers: Sequence[str]) -> tuple[NDArray[np.int64], int, dict[str, NDArray[Any]]]:
        """Return answers, ties and the neurons of some layers, batch by batch."""
        n = self.order
        answers = np.empty(n * n, np.int64)
        ties = 0
        neurons: dict[str, NDArray[Any]] = {}
        device = self._device()
        with self._evaluating(), self._watching(layers) as seen:
            pairs = torch.cartesian_prod(torch.arange(n), torch.arange(n)).view(-1, 2)
            for start in range(0, n * n, _CHUNK):
                a, b = pairs[start : start + _CHUNK].to(device).unbind(1)
                self._pairs = (a, b)
                logits = self._logits(a, b)
                best = logits.max(dim=1, keepdim=True)
                place = slice(start, start + len(a))
                answers[place] = best.indices[:, 0].cpu().numpy()
                ties += int(((logits == best.values).sum(dim=1) > 1).sum())
                for layer, output in seen.items():
                    values = self._last(output, len(a), f"layer {layer!r}")
                    if layer not in neurons:
                        self._check_memory(values.shape[1], len(layers))
                        neurons[layer] = np.empty((n * n, values.shape[1]), np.float32)
                    neurons[layer][place] = values.float().cpu().numpy()
        for layer in layers:
            if layer not in neurons:
                raise ValueError(f"`layers`: {layer!r} does not run on a pair of symbols.")
            if not np.isfinite(neurons[layer]).all():
                raise ValueError(f"`layers`: {layer!r} gives values that are not finite.")
        shaped = {layer: neurons[layer].reshape(n, n, -1) for layer in layers}
        return answers.reshape(n, n), ties, shaped

    def _logits(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the logits of the symbols for pairs, shape ``(m, n)``."""
        left, right = (self._as_tokens(side, ids) for side, ids in (("left", a), ("right", b)))
        try:
            if self.prompt is not None:
                output = self.network(self.prompt(left, right))
            elif _takes_one(self.network):
                output = self.network(torch.stack([left, right], dim=1))
            else:
                output = self.network(left, right)
        except (TypeError, RuntimeError, IndexError) as error:
            raise ValueError(
                f"`network` failed on pairs of symbols 0..{self.order - 1}: {error}. `prompt` turns"
                " two tensors of symbols, shape (m,), into what the network takes."
            ) from error
        logits = self._last(output, len(a), "`network`")
        chosen = self.tokens.get("result")
        if logits.shape[1] < (self.order if chosen is None else max(chosen) + 1):
            raise ValueError(
                f"`network` gives {logits.shape[1]} logits, too few for n = {self.order} symbols."
            )
        if chosen is not None:
            logits = logits[:, chosen]
        elif logits.shape[1] > self.order:
            self.notes.append(
                f"The network gives {logits.shape[1]} logits; the first {self.order} are taken to "
                "be those of the symbols (`tokens` says otherwise)."
            )
            logits = logits[:, : self.order]
        if not torch.isfinite(logits).all():
            raise ValueError("`network` gives logits that are not finite.")
        return logits

    def _as_tokens(self, side: str, symbols: Tensor) -> Tensor:
        ids = self.tokens.get(side)
        return symbols if ids is None else torch.tensor(ids, device=symbols.device)[symbols]

    @staticmethod
    def _last(output: Any, count: int, what: str) -> Tensor:
        """Return an output at the last position, one row a pair."""
        if not isinstance(output, Tensor) or output.ndim not in (2, 3) or len(output) != count:
            got = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise ValueError(
                f"{what} must give a tensor of shape (pairs, size) or (pairs, positions, size) for "
                f"{count} pairs; got {got}."
            )
        return output[:, -1] if output.ndim == 3 else output

    def _check_memory(self, width: int, layers: int) -> None:
        needed = 4 * self.order**2 * width * layers
        if needed > _LARGEST:
            raise ValueError(
                f"`layers`: {width} neurons at {self.order}^2 pairs take {needed / 1e9:.1f} GB, "
                f"over the limit of {_LARGEST / 1e9:.1f}. Give fewer layers."
            )

    def _device(self) -> torch.device:
        parameters = self.network.parameters() if isinstance(self.network, nn.Module) else ()
        return next((each.device for each in parameters), torch.device("cpu"))

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        """Put the network in evaluation mode, and every module back into its own afterwards."""
        if not isinstance(self.network, nn.Module):
            yield
            return
        modes = [(module, module.training) for module in self.network.modules()]
        self.network.eval()
        try:
            yield
        finally:
            for module, training in modes:
                module.training = training

    @contextmanager
    def _watching(self, layers: Sequence[str]) -> Iterator[dict[str, Tensor]]:
        """Keep what some layers give while the block runs."""
        seen: dict[str, Tensor] = {}
        if not layers:
            yield seen
            return
        assert isinstance(self.network, nn.Module)
        modules = dict(self.network.named_modules())

        def keeper(layer: str) -> Callable[[nn.Module, Any, Tensor], None]:
            return lambda _module, _inputs, output: seen.__setitem__(layer, output)

        handles = [modules[layer].register_forward_hook(keeper(layer)) for layer in layers]
        try:
            yield seen
        finally:
            for handle in handles:
                handle.remove()


def _takes_one(network: Network) -> bool:
    """Return whether a network takes one argument: pairs, not two tensors."""
    function = network.forward if isinstance(network, nn.Module) else network
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a builtin has no signature
        return False
    positional = [
        each
        for each in parameters
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
        and each.default is each.empty
    ]
    variable = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    return len(positional) == 1 and not variable
