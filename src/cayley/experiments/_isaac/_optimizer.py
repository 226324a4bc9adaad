"""The methods that the experiments compare, each as one function that takes a step."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Muon, Optimizer
from torch.optim.lr_scheduler import LambdaLR

from cayley.experiments._isaac._kronecker import KroneckerFactors
from cayley.experiments._isaac._objective import Objective
from cayley.optim import convert

__all__ = ["METHODS", "PERCEPTRON_METHODS", "SIMPLE_METHODS", "Options", "stepper"]

Step = Callable[[Tensor, Tensor], None]

METHODS: tuple[str, ...] = (
    *("sgd", "adam", "adamw", "muon", "kfac+sgd"),
    *("isaac+sgd", "isaac+adam", "isaac+adamw", "isaac+muon"),
    # From the library pytorch_optimizer, where it is installed.
    *(("soap", "isaac+soap") if find_spec("pytorch_optimizer") else ()),
)

PERCEPTRON_METHODS: tuple[str, ...] = (
    *METHODS,
    *(("shampoo",) if find_spec("pytorch_optimizer") else ()),
)
"""With Shampoo, some twenty times as slow a step."""

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
    schedules = [
        LambdaLR(optimizer, lambda step: 1 - step / problem.steps)
        for optimizer in optimizers
        if problem.decay
    ]
    factors, count = None, 0
    if preconditioner:
        assert options.damping is not None
        if preconditioner == "kfac":
            mean = nn.MSELoss() if problem.reconstruct else nn.CrossEntropyLoss()
            factors = KroneckerFactors(model, mean, damping=options.damping)
        else:
            convert(model, damping=options.damping, layers=problem.preconditioned)

    def step(inputs: Tensor, targets: Tensor) -> None:
        nonlocal count
        # The curvature changes more slowly than the gradient: every tenth step is enough, once ten
        # batches have made an average. An update costs a backward pass and inverses of all factors.
        if factors is not None and (count % 10 == 0 or count < 10):
            factors.update(inputs, targets, generator)
        count += 1
        loss = problem.loss(model(inputs), targets)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if factors is not None:
            factors.precondition()
        for optimizer in optimizers:
            optimizer.step()
        for schedule in schedules:
            schedule.step()

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
    optimizer: Optimizer
    if name == "shampoo":
        optimizer = library.Shampoo(parameters, lr=rate)
    else:
        # An eigenbasis of the encoder's 2,004 words would take longer than everything else. The
        # widest perceptrons have 1,600.
        optimizer = library.SOAP(parameters, lr=rate, max_precondition_dim=2000)
    return optimizer
