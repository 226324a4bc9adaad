r"""Second moments of the patches of a convolution, and a plain gradient preconditioned by them.

The plain weight gradient :math:`G = g^\top a` is what torch's own convolution gives, without any
patch being written out. What is left is the Gram matrix of the patches: by their shifts, see
``_shift_moments``; written out for a few images at a time; or over positions drawn at random,

.. math::
    \frac1S \sum_{s=1}^{S} a_{p_s} a_{p_s}^\top, \qquad p_s \text{ uniform,}

whose expectation is that over all positions. With fewer of them than features the inverse goes over
to the side of the samples,

.. math::
    (I + A^\top A / r)^{-1} = I - A^\top (I + A A^\top / r)^{-1} A / r .
"""

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from cayley._shapes import Float
from cayley.optim._damped_inverse import damped_inverse, damped_solve
from cayley.optim._shift_moments import shift_gram
from cayley.optim._weight_gradient import FLOAT32_CONDITION

__all__ = ["Patches", "Sampling", "preconditioned_by_moments"]

_CHUNK = 1 << 20
"""Most numbers in the patches that are written out at a time: 4 MiB in single precision, so that
they are still in a cache when they are multiplied."""

Sampling = tuple[int, int]
"""Most positions, and the number of the draw, which seeds it."""


class Patches(NamedTuple):
    """Which patches: those under a kernel at all positions, or at some of them, drawn at random."""

    inputs: Float[Tensor, "b c *s"]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    positions: tuple[int, ...]

    @property
    def num_samples(self) -> int:
        """Number of all positions in all images."""
        return len(self.inputs) * torch.Size(self.positions).numel()

    @property
    def features(self) -> int:
        """Features of a patch in one group."""
        return self.inputs.shape[1] // self.groups * torch.Size(self.kernel).numel()

    def padded(self, images: Float[Tensor, "b c *s"]) -> Float[Tensor, "b c *t"]:
        """Return the images with zeros around them."""
        sides = [each for side in self.padding[::-1] for each in (side, side)]
        return F.pad(images, sides) if any(sides) else images

    def windows(self, images: Float[Tensor, "b c *s"]) -> Tensor:
        """Return views of what the kernel covers: images, positions, channels, places.

        No number is copied but for the padding.
        """
        images = self.padded(images)
        d = len(self.kernel)
        for axis, (width, step, gap) in enumerate(
            zip(self.kernel, self.stride, self.dilation, strict=True)
        ):
            images = images.unfold(axis + 2, gap * (width - 1) + 1, step)[..., ::gap]
            images = images.narrow(axis + 2, 0, self.positions[axis])
        return images.movedim(1, d + 1)

    def rows(self, windows: Tensor) -> Float[Tensor, "g N n"]:
        """Return windows as rows, each group of channels for itself."""
        return windows.reshape(-1, self.groups, self.features).transpose(0, 1)

    @property
    def takes_shifts(self) -> bool:
        """Whether places of the kernel see the same pixels, a shift apart, and it is worth it."""
        places = torch.Size(self.kernel).numel()
        return (
            len(self.kernel) == 2
            and self.groups == 1
            and {*self.stride, *self.dilation} == {1}
            and all(p < k for p, k in zip(self.padding, self.kernel, strict=True))
            # Multiplications for each pixel and channel: transforms, against products of patches.
            and 2 * sum(self.positions) < places * self.features
        )

    def places_first(self, features: Float[Tensor, "*k n"]) -> Float[Tensor, "*k n"]:
        """Return features ordered by place and then channel; one more stays the last."""
        return _reordered(features, self.inputs.shape[1], self.features)

    def channels_first(self, features: Float[Tensor, "*k n"]) -> Float[Tensor, "*k n"]:
        """Return features ordered by channel and then place, as in a weight."""
        return _reordered(features, self.features // self.inputs.shape[1], self.features)

    def shift_gram(self, dtype: torch.dtype, *, augment: bool) -> Float[Tensor, "1 n n"]:
        """Return the sums of products of features over all patches, by their shifts.

        Features are ordered by place and then channel.
        """
        gram = shift_gram(self.inputs.to(dtype), self.kernel, self.padding)
        return (self._with_sums(gram) if augment else gram)[None]

    def _with_sums(self, gram: Float[Tensor, "n n"]) -> Float[Tensor, "n+1 n+1"]:
        """Return the Gram matrix with one more feature that is always 1."""
        total = self.inputs.sum(0, keepdim=True, dtype=gram.dtype)
        sums = self.places_first(self.rows(self.windows(total))[0].sum(0))
        joint = F.pad(gram, (0, 1, 0, 1))
        joint[:-1, -1] = joint[-1, :-1] = sums
        joint[-1, -1] = self.num_samples
        return joint

    def drawn(self, sampling: Sampling) -> Float[Tensor, "g S n"]:
        """Return the patches at positions drawn at random, with replacement."""
        most, draw = sampling
        # A generator of its own, seeded by the number of the draw: the global one stays as it is.
        at = np.random.default_rng(draw).integers(self.num_samples, size=most)
        image, *position = np.unravel_index(at, (len(self.inputs), *self.positions))
        # Places in the memory of the images: to index views of windows was measured to take ten
        # times as long, and no padded copy is made.
        images = self.inputs.contiguous()
        far = images.stride()
        places = np.add.outer(image * far[0], np.arange(images.shape[1]) * far[1])
        inside = np.ones((1, 1), dtype=bool)
        for axis, width in enumerate(self.kernel):
            steps = np.arange(width) * self.dilation[axis] - self.padding[axis]
            seen = np.add.outer(position[axis] * self.stride[axis], steps)
            places = places[..., None] + _beside(seen * far[axis + 2], places.ndim)
            within = (seen >= 0) & (seen < images.shape[axis + 2])
            inside = inside[..., None] & _beside(within, inside.ndim)
        places = np.where(inside, places, 0).ravel()
        chosen = images.view(-1).index_select(0, torch.from_numpy(places).to(images.device))
        if not inside.all():
            outside = torch.from_numpy(~np.broadcast_to(inside, (most, *inside.shape[1:])))
            chosen = chosen.view(most, images.shape[1], *self.kernel)
            chosen = chosen.masked_fill(outside.to(images.device), 0)
        return self.rows(chosen)

    def is_worth_drawing(self, most: int) -> bool:
        """Whether the second moment of so many patches takes less work than that of all."""
        if most >= self.num_samples:
            return False
        if not self.takes_shifts:
            return True
        n = self.features
        height, width = self.positions
        pixels_and_channels = self.inputs.numel()
        return (
            most * n * min(most, n)
            < pixels_and_channels * (width + 2 * height + 2 * self.inputs.shape[1]) + n**3 / 6
        )

    def gram(self, dtype: torch.dtype, *, augment: bool) -> Float[Tensor, "g n n"]:
        """Return the sums of products of features over all patches, a few images at a time."""
        n = self.features + augment
        gram = self.inputs.new_zeros(self.groups, n, n, dtype=dtype)
        most = max(1, _CHUNK * len(self.inputs) // (self.num_samples * self.features * self.groups))
        for images in torch.split(self.inputs, most):
            rows = self.rows(self.windows(images)).to(dtype)
            rows = with_ones(rows) if augment else rows
            gram.baddbmm_(rows.mT, rows)
        return gram


def with_ones(rows: Float[Tensor, "*k N n"]) -> Float[Tensor, "*k N n+1"]:
    """Return rows with one more feature that is always 1."""
    return torch.cat([rows, rows.new_ones(*rows.shape[:-1], 1)], dim=-1)


def _beside(each: np.ndarray[Any, Any], axes: int) -> np.ndarray[Any, Any]:
    """Return a table of patches by steps with axes of size 1 between the two."""
    return each.reshape(len(each), *(1,) * (axes - 1), -1)


def _reordered(features: Tensor, outer: int, size: int) -> Tensor:
    """Return features with the outer and the inner one of their two indices exchanged."""
    leading = features.shape[:-1]
    split = features[..., :size].reshape(*leading, outer, size // outer)
    exchanged = split.transpose(-1, -2).reshape(*leading, size)
    if features.shape[-1] == size:
        return exchanged
    return torch.cat([exchanged, features[..., size:]], dim=-1)


def preconditioned_by_moments(
    gradient: Float[Tensor, "g m n"],
    patches: Patches,
    *,
    damping: Any,
    relative: bool,
    solve_dtype: torch.dtype | None,
    augment: bool,
    sampling: Sampling | None,
) -> Float[Tensor, "g m n"]:
    """Return a plain gradient multiplied by the inverse of the patches' damped second moment.

    Args:
        gradient: The plain gradient of each group, with the bias as its last column if ``augment``.
        patches: The samples.
        damping: A number, or a tensor that is not read on a GPU.
        relative: See ``isaac_weight_gradient``, as the next one.
        solve_dtype: Precision of the Gram matrix and the solve.
        augment: Whether each sample has one more feature that is always 1.
        sampling: Which positions; all if None.
    """
    if isinstance(damping, Tensor) and damping.device.type == "cpu":
        damping = damping.item()
    double = torch.float64 in (gradient.dtype, solve_dtype)
    dtype = torch.float64 if double else torch.float32
    rows = None if sampling is None else patches.drawn(sampling)
    if rows is not None and augment:
        rows = with_ones(rows)
    options = (patches, rows, damping, relative, augment)
    result, condition = _preconditioned(gradient.to(dtype), *options)
    if not double and solve_dtype is None and not condition < FLOAT32_CONDITION:
        result, _ = _preconditioned(gradient.double(), *options)
    return result.to(gradient.dtype)


def _preconditioned(  # noqa: PLR0917
    G: Tensor, patches: Patches, rows: Tensor | None, damping: Any, relative: bool, augment: bool
) -> tuple[Tensor, float]:
    """Return the preconditioned gradient in the precision of ``G``, and the condition number."""
    n = patches.features + augment
    if rows is None:
        ridge = damping / n if relative else patches.num_samples * damping
        if not patches.takes_shifts:
            return damped_solve(G, patches.gram(G.dtype, augment=augment), ridge, relative=relative)
        gram = patches.shift_gram(G.dtype, augment=augment)
        result, condition = damped_solve(patches.places_first(G), gram, ridge, relative=relative)
        return patches.channels_first(result), condition
    A = rows.to(G.dtype)
    samples = A.shape[1]
    ridge = damping / n if relative else samples * damping
    if samples >= n:
        return damped_solve(G, A.mT @ A, ridge, relative=relative)
    M, condition = damped_inverse(A, ridge, relative=relative)
    if relative:
        # All-zero inputs have a zero gradient; the bound only avoids 0/0.
        power = A.square().sum((-2, -1)).clamp_min(torch.finfo(A.dtype).tiny)
        ridge = (power * ridge)[:, None, None]
    return G - ((G @ A.mT) @ M / ridge) @ A, condition
