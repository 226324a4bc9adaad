"""What the programs that read NIR make of it: the step they take for each kind of node.

NIR describes neurons in continuous time. Every program has a discrete step of its own, and they
differ: Euler or exponential decay, a pulse of 1 or of 1 over the step, what is left after a spike,
which parameters are read at all. A profile is one such reading, so that a graph can be written and
read with the spikes that the program has.

Potentials are normalized here: 0 after a reset, 1 at the threshold. A step takes ``v`` to
``v + k (g I + b - v)``, without a leak ``v + k g I``.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley.spiking.equations._membranes import Reset

__all__ = ["PROFILES", "Profile", "ProfileError", "ProfileName", "Reading", "profile_of"]

ProfileName = Literal["nir", "norse", "snntorch", "sinabs", "spikingjelly"]
Array = NDArray[Any]
SECONDS = 1e-3
"""In a millisecond."""
IF_RATE = 0.1
"""``k`` of neurons without a leak, whose graph names no time constant: ``k g`` alone counts."""


class ProfileError(ValueError):
    """A profile cannot hold the network, or does not know the graph."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A neuron in normalized form, and the reset that the program has."""

    leaks: bool
    rate: Array
    gain: Array
    bias: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A program's reading of NIR.

    Attributes:
        name: Of the program.
        step: Of its time, in the unit of the graph's time constants; None: the layer's own.
        reset: What it does where a neuron crosses its threshold.
        nodes: The kinds of nodes that it reads.
        loops: ``"any"``, ``"instant"`` (weights only, or those into a CubaLIF) or ``"none"``: how
            neurons reach themselves.
        pulse: Whether a spike is a pulse of area 1 (1 over the step) and not the number 1.
        euler: Whether filters decay by ``1 - step / tau`` and not by the exponential.
        default_step: In milliseconds, for reading where no step is given.
        scaled_inputs: Whether a membrane adds its input as it is (``r = tau / step``), so that the
            weights before it hold the factor ``k``.
    """

    name: ProfileName
    step: float | None
    reset: Reset
    nodes: frozenset[str]
    loops: Literal["any", "instant", "none"]
    pulse: bool
    euler: bool
    default_step: float
    scaled_inputs: bool = False

    def step_of(self, dt: float) -> float:
        """Return the step in the graph's unit, for one of ``dt`` milliseconds."""
        return dt * SECONDS if self.step is None else self.step

    def spike(self, step: float) -> float:
        """Return the number that stands for a spike in one step."""
        return 1 / step if self.pulse else 1.0

    def filter_decay(self, tau: Array, step: float) -> Array:
        """Return the factor of a filter over one step."""
        return 1 - step / tau if self.euler else np.exp(-step / tau)

    def filter_time(self, decay: Array, step: float) -> Array:
        """Return the time constant with this factor."""
        return step / (1 - decay) if self.euler else -step / np.log(decay)

    def filter_gain(self, decay: Array, tau: Array, step: float) -> Array:
        """Return what an input of 1 in one step adds to a filter with ``r = 1``."""
        if self.name == "sinabs":
            return np.ones_like(decay)
        return 1 - decay if self.euler else step / tau

    def membrane_rate(self, tau: Array, step: float) -> Array:
        """Return ``k`` of a membrane."""
        return -np.expm1(-step / tau) if self.name == "sinabs" else step / tau

    def membrane_time(self, rate: Array, step: float) -> Array:
        """Return the time constant with this ``k``."""
        return -step / np.log1p(-rate) if self.name == "sinabs" else step / rate

    def read_leaky(self, node: Any, tau: Array, step: float, *, current_based: bool) -> Reading:
        """Return the normalized form of a LIF node, or of the membrane of a CubaLIF node."""
        rate = self.membrane_rate(tau, step)
        if self.name == "spikingjelly":
            _refuse_for_spikingjelly(node, tau, step, current_based=current_based)
        low = self._lowest(node)
        span = _array(node.v_threshold) - low
        leak = (_array(node.v_leak) - low) / span
        if self.name == "sinabs":  # v' = alpha v + I
            return Reading(True, rate, 1 / (rate * span), leak)
        r = _array(node.r)
        if self.name == "norse":
            # It reads `r` of a CubaLIF node only, and adds `v_leak` to its synapse as well.
            r = r if current_based else np.ones(1)
            leak = leak * (1 + r) if current_based else leak
        return Reading(True, rate, r / span, leak)

    def read_integrator(self, node: Any, step: float) -> Reading:
        """Return the normalized form of an IF node."""
        if self.name == "spikingjelly":
            _refuse_for_spikingjelly(node, None, step, current_based=False)
        low = self._lowest(node)
        span = _array(node.v_threshold) - low
        # The others add the input to the potential as it is, whatever `r` and the step are.
        added = step * _array(node.r) if self.name == "nir" else np.ones(1)
        rate = np.full(1, IF_RATE)
        return Reading(False, rate, added / (span * rate), np.zeros(1))

    def _lowest(self, node: Any) -> Array:
        """Return the potential after a reset; most programs do not read it."""
        if self.name not in ("nir", "spikingjelly") or node.v_reset is None:
            return np.zeros(1)
        return _array(node.v_reset)


def _refuse_for_spikingjelly(
    node: Any, tau: Array | None, step: float, *, current_based: bool
) -> None:
    """Raise where spikingjelly would refuse a node of neurons."""
    names = ["tau", "tau_mem", "tau_syn", "r", "w_in", "v_leak", "v_threshold", "v_reset"]
    parts = {
        name: _array(part) for name in names if (part := getattr(node, name, None)) is not None
    }
    for name, part in parts.items():
        if np.ptp(part):
            raise ProfileError(f"spikingjelly reads one `{name}` for all neurons of a node.")
    # In seconds, even where the time constants are scaled to what was meant.
    allowed = [1 / step] if tau is None else [float(tau.flat[0]) / step]
    if tau is not None and not current_based:
        allowed.append(1.0)
    r, leak, low = (float(parts[name].flat[0]) if name in parts else 0.0
                    for name in ("r", "v_leak", "v_reset"))  # fmt: skip
    if not any(np.isclose(r, each, rtol=1e-6) for each in allowed):
        words = " or ".join(f"{each:g}" for each in allowed)
        raise ProfileError(
            f"spikingjelly wants `r` = {words} with a step of {step:g} s; got {r:g}. "
            "Give the step that is meant with `dt`, in milliseconds."
        )
    if tau is not None and not np.isclose(leak, 0.0 if current_based else low):
        raise ProfileError(
            f"spikingjelly wants `v_leak` = {'0' if current_based else '`v_reset`'}; got {leak:g}."
        )
    if current_based and not np.isclose(
        float(parts["w_in"].flat[0]), float(parts["tau_syn"].flat[0]) / step, rtol=1e-6
    ):
        raise ProfileError("spikingjelly wants `w_in` = `tau_syn` over the step.")


def _array(value: Any) -> Array:
    """Return a parameter of a node as an array of at least one axis."""
    detached = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    return np.atleast_1d(np.asarray(detached, dtype=np.float64))


_BASIC = {"Input", "Output", "Affine", "Linear", "Conv2d", "Flatten", "LIF"}
PROFILES: dict[str, Profile] = {
    "nir": Profile(
        name="nir", step=None, reset="exact", loops="any", pulse=True, euler=False,
        nodes=frozenset(_BASIC | {"Scale", "Conv1d", "AvgPool2d", "SumPool2d", "CubaLIF", "IF",
                                  "LI", "Delay", "NIRGraph"}),
        default_step=1.0,
    ),
    "norse": Profile(
        name="norse", step=None, reset="zero", loops="instant", pulse=False, euler=True,
        nodes=frozenset(_BASIC | {"SumPool2d", "CubaLIF", "IF", "NIRGraph"}),
        default_step=1.0,
    ),
    # Its reader has this step written in; a graph's time constants are in units of it.
    "snntorch": Profile(
        name="snntorch", step=1e-4, reset="zero", loops="instant", pulse=False, euler=True,
        nodes=frozenset(_BASIC | {"AvgPool2d", "CubaLIF", "NIRGraph"}),
        default_step=0.1, scaled_inputs=True,
    ),
    # Its time constants are numbers of steps.
    "sinabs": Profile(
        name="sinabs", step=1.0, reset="subtract", loops="none", pulse=False, euler=False,
        nodes=frozenset(_BASIC | {"Conv1d", "SumPool2d", "IF", "LI"}),
        default_step=1.0,
    ),
    # Its reader takes the step as `dt`, 1e-4 s if it is not given.
    "spikingjelly": Profile(
        name="spikingjelly", step=None, reset="zero", loops="instant", pulse=False, euler=True,
        nodes=frozenset(_BASIC | {"Conv1d", "AvgPool2d", "CubaLIF", "IF", "NIRGraph"}),
        default_step=0.1, scaled_inputs=True,
    ),
}  # fmt: skip


def profile_of(name: str) -> Profile:
    """Return a profile by its name, or raise."""
    if name not in PROFILES:
        raise ValueError(f"`profile` must be one of {', '.join(PROFILES)}; got {name!r}.")
    return PROFILES[name]
