"""The methods that the experiments compare, each as one function that takes a step."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Muon, Optimizer

from cayley.experiments._isaac._kronecker import KroneckerFactors
from cayley.experiments._isaac._objective import Objective
from cayley.optim import convert

__all__ = ["CONVOLUTION_METHODS", "METHODS", "SIMPLE_METHODS", "Options", "stepper"]

Step = Callable[[Tensor, Tensor], None]

METHODS: tuple[str, ...] = (
    "sgd",
    "adam",
    "muon",
    "kfac+sgd",
    "isaac+sgd",
    "isaac+adam",
    # From the library pytorch_optimizer, where it is installed.
    *(("shampoo", "soap") if find_spec("pytorch_optimizer") else ()),
)

CONVOLUTION_METHODS: tuple[str, ...] = (
    "sgd",
    "adam",
    "adamw",
    "muon",
    "isaac+sgd",
    "isaac+adam",
    "isaac+muon",
    *(("soap",) if find_spec("pytorch_optimizer") else ()),
)
"""Without K-FAC, as the one here takes linear layers only."""

SIMPLE_METHODS: tuple[str, ...] = ("sgd", "adam", "isaac+sgd", "isaac+adam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Learning rate, and the damping of the preconditioner where the method has one."""

    rate: float
    damping: float | None = None


def stepper(method: str, problem: Objective, options: Options, generator: torch.Generator) -> Step:
    """Return a function that takes one step on a batch.

    Raises:
        ValueError: If there is no such method.
    """
    model = problem.model
    preconditioner, _, first_order = method.rpartition("+")
    optimizers = _optimizers(first_order, model, options.rate)
    if preconditioner == "isaac":
        assert options.damping is not None
        convert(model, damping=options.damping, layers=problem.preconditioned)
    if preconditioner == "kfac":
        return _kfac_stepper(problem, options, optimizers, generator)

    def step(inputs: Tensor, targets: Tensor) -> None:
        loss = problem.loss(model(inputs), targets)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for optimizer in optimizers:
            optimizer.step()

    return step


def _kfac_stepper(
    problem: Objective, options: Options, optimizers: list[Optimizer], generator: torch.Generator
) -> Step:
    assert options.damping is not None
    model = problem.model
    loss = nn.MSELoss() if problem.reconstruct else nn.CrossEntropyLoss()
    factors = KroneckerFactors(model, loss, damping=options.damping)
    count = 0

    def step(inputs: Tensor, targets: Tensor) -> None:
        nonlocal count
        # The curvature changes more slowly than the gradient: every tenth step is enough, once ten
        # batches have made an average. An update costs a backward pass and inverses of all factors.
        if count % 10 == 0 or count < 10:
            factors.update(inputs, targets, generator)
        count += 1
        for optimizer in optimizers:
            optimizer.zero_grad()
        problem.loss(model(inputs), targets).backward()  # type: ignore[no-untyped-call]
        factors.precondition()
        for optimizer in optimizers:
            optimizer.step()

    return step


def _optimizers(name: str, model: nn.Module, rate: float) -> list[Optimizer]:
    parameters = list(model.parameters())
    if name == "sgd":
        return [SGD(parameters, lr=rate, momentum=0.9)]  # customary; tuned is the rate alone
    if name == "adam":
        return [Adam(parameters, lr=rate)]
    if name == "adamw":
        return [AdamW(parameters, lr=rate)]  # with its default decay, 0.01
    if name == "muon":
        # Muon is for matrices; as its authors do, Adam takes the rest.
        matrices = [module.weight for module in model.modules() if isinstance(module, nn.Linear)]
        chosen = {id(weight) for weight in matrices}
        others = [parameter for parameter in parameters if id(parameter) not in chosen]
        # No decay, as no other method has one; Adam with its default rate.
        return [Muon(matrices, lr=rate, weight_decay=0.0), Adam(others, lr=1e-3)]
    if name in ("shampoo", "soap"):
        return [_from_library(name, parameters, rate)]
    raise ValueError(f"no method is called {name!r}; there are: {', '.join(METHODS)}.")


def _from_library(name: str, parameters: list[nn.Parameter], rate: float) -> Optimizer:
    library = import_module("pytorch_optimizer")
    kind = library.Shampoo if name == "shampoo" else library.SOAP
    optimizer: Optimizer = kind(parameters, lr=rate)
    return optimizer
