r"""The Gram matrix of the patches of an image under a kernel that moves by one place at a time.

Two places i and i' of a kernel see the same pixels, :math:`i' - i` apart, and what a patch has
there depends on nothing else but the patches that the border cuts off:

.. math::
    \sum_{p} x(p + i)\, x(p + i')^\top = R(i' - i) - \sum_{p \text{ outside}} x(p + i)\,
    x(p + i')^\top , \qquad R(s) = \sum_q x(q)\, x(q + s)^\top .

The first sum is over output positions, the last over all other positions where the kernel still
touches the image. With the discrete Fourier transform :math:`X_f` of an image with zeros around it
(Wiener and Khinchin),

.. math::
    R(s) = \frac1{|f|} \sum_f e^{2 \pi i f \cdot s}\, \overline{X_f}\, X_f^\top ,

one Hermitian product for each frequency and each of the images instead of one product for each
shift. For each pixel and pair of channels this takes some 1.3 multiplications, where the 13 shifts
of a 3 x 3 kernel take 13 and patches written out 81; besides, the transforms take width + 2 height
multiplications for each pixel and channel. They are products with matrices of cosines and sines,
one axis after the other, which for images of up to some hundred pixels was measured to be quicker
than fast transforms and the copies that these need.
"""

from functools import lru_cache
from itertools import product

import torch
from torch import Tensor

from cayley._shapes import Float

__all__ = ["shift_gram"]

_CHUNK = 1 << 19
"""Numbers in the spectra that are held at a time: 2 MiB in single precision, so that they are still
in a cache when they are added up."""


def shift_gram(
    images: Float[Tensor, "b c h w"], kernel: tuple[int, ...], padding: tuple[int, ...]
) -> Float[Tensor, "n n"]:
    """Return the sums of products of features over all patches; features are place, then channel.

    Args:
        images: The images, in the precision of the sums.
        kernel: Height and width of the kernel, no larger than the padded images.
        padding: Zeros at either side of both axes, fewer than the kernel has places there.

    Example:
        >>> import torch
        >>> images = torch.arange(9.0).view(1, 1, 3, 3)
        >>> a = torch.nn.functional.unfold(images, (2, 2), padding=(1, 0))[0]
        >>> torch.allclose(shift_gram(images, (2, 2), (1, 0)), a @ a.T, atol=1e-4)
        True
    """
    rows, columns = kernel
    channels = images.shape[1]
    R = _correlations(images, kernel)
    gram = images.new_empty(rows, columns, channels, rows, columns, channels)
    for i, j in product(range(rows), range(columns)):
        nearby = R[rows - 1 - i :, columns - 1 - j :][:rows, :columns]
        gram[i, j] = nearby.permute(2, 0, 1, 3)
    _subtract_outside(gram, images, padding)
    return gram.view(rows * columns * channels, -1)


def _correlations(
    images: Float[Tensor, "b c h w"], kernel: tuple[int, ...]
) -> Float[Tensor, "r s c c"]:
    """Return R of all shifts between two places of the kernel, from the most negative on."""
    count, channels, height, width = images.shape
    rows, columns = kernel
    across, real, imaginary, back = _transforms(
        (height, width), kernel, images.dtype, images.device
    )
    X = across @ images.reshape(-1, width).T
    X = X.view(-1, 2, count * channels, height)
    frequencies = len(real) // 2
    sums = images.new_zeros(back.shape[1], channels * channels)
    step = max(1, _CHUNK // (frequencies * (4 * count * channels + channels**2)))
    for start in range(0, len(X), step):
        part = X[start : start + step]
        Z = torch.bmm(real.expand(len(part), -1, -1), part[:, 0].mT)
        Z = Z.baddbmm_(imaginary.expand(len(part), -1, -1), part[:, 1].mT)
        Z = Z.view(-1, 2, count, channels)
        # The spectrum conj(Z) Z' is Hermitian: its real part is symmetric and its imaginary part is
        # not, so that their sum, which is one real product, tells both.
        turned = torch.empty_like(Z)
        torch.add(Z[:, 0], Z[:, 1], out=turned[:, 0])
        torch.sub(Z[:, 1], Z[:, 0], out=turned[:, 1])
        S = torch.bmm(Z.flatten(1, 2).mT, turned.flatten(1, 2)).flatten(1)
        at = slice(start * frequencies, (start + len(part)) * frequencies)
        sums.addmm_(back[at].T, S)
    left, right = sums.view(2, -1, channels, channels)
    half = left + right.mT
    # The other half of the shifts are the same with the opposite sign: R(-s) = R(s)'.
    return torch.cat([half[1:].flip(0).mT, half]).view(
        2 * rows - 1, 2 * columns - 1, channels, channels
    )


@lru_cache(maxsize=32)
def _transforms(
    size: tuple[int, int], kernel: tuple[int, ...], dtype: torch.dtype, device: torch.device
) -> tuple[Tensor, ...]:
    """Return the matrices of a discrete Fourier transform and of its inverse for few shifts.

    The transform along a row; along a column, its parts by real and by imaginary inputs, each with
    real and imaginary outputs by turns; and from all frequencies, that of the row first, to the
    shifts that are not negative, what a sum of real and imaginary part and what its transpose
    contributes to each.
    """
    (height, width), (rows, columns) = size, kernel
    # So many places that no shift reaches round them.
    tall, wide = height + rows - 1, width + columns - 1

    def whole(start: int, stop: int) -> Tensor:
        return torch.arange(start, stop, device="cpu")  # whatever the default is

    def angles(frequencies: int, at: Tensor, size: int) -> Tensor:
        # Reduced as integers, where nothing is rounded.
        turns = torch.outer(whole(0, frequencies), at).remainder(size)
        return turns.double() * (2 * torch.pi / size)

    half = wide // 2 + 1  # of the frequencies of real numbers the others are conjugates
    across = angles(half, whole(0, width), wide)
    across = torch.stack([across.cos(), -across.sin()], 1).flatten(0, 1)
    down = angles(tall, whole(0, height), tall)
    real = torch.stack([down.cos(), -down.sin()], 1).flatten(0, 1)
    imaginary = torch.stack([down.sin(), down.cos()], 1).flatten(0, 1)
    shifts = torch.cartesian_prod(whole(1 - rows, rows), whole(1 - columns, columns))
    below, right = shifts[len(shifts) // 2 :].T
    phase = angles(half, right, wide)[:, None] + angles(tall, below, tall)
    weight = torch.full_like(phase[:, :1, :1], 2 / (tall * wide))
    weight[0] /= 2
    if wide % 2 == 0:
        weight[-1] /= 2
    cosines, sines = phase.cos(), phase.sin()
    back = torch.cat([weight * (cosines - sines), weight * (cosines + sines)], -1).flatten(0, 1)
    made = (across, real, imaginary, back / 2)
    return tuple(each.to(device, dtype).contiguous() for each in made)


def _subtract_outside(
    gram: Tensor, images: Float[Tensor, "b c h w"], padding: tuple[int, ...]
) -> None:
    """Subtract the patches that touch the image from beyond the output positions."""
    rows, columns = gram.shape[:2]
    height, width = images.shape[2:]
    top, left = padding
    lines = images.permute(0, 3, 2, 1)
    for inside, places in _outside(height, rows, top):
        # Positions above or below the output, over the whole width: a few rows of each patch.
        blocks = gram[places, :, :, places].transpose(0, 1).transpose(3, 4)
        _subtract_line(blocks, lines[:, :, inside])
    lines = images.permute(0, 2, 3, 1)
    for inside, places in _outside(width, columns, left):
        # Positions left or right of the output: a few columns of each patch, less the corners.
        blocks = gram[:, places, :, :, places]
        _subtract_line(blocks, lines[:, :, inside])
        for within, some in _outside(height, rows, top):
            corner = lines[:, within, inside].flatten(1)
            part = blocks[some, :, :, some]
            part.add_((corner.T @ corner).view(part.shape))


def _outside(size: int, kernel: int, padding: int) -> list[tuple[slice, slice]]:
    """Return for each position beyond the output which pixels the kernel sees, in which places."""
    firsts = (*range(1 - kernel, -padding), *range(size + padding - kernel + 1, size))
    ends = [(first, max(0, first), min(size, first + kernel)) for first in firsts]
    return [(slice(start, stop), slice(start - first, stop - first)) for first, start, stop in ends]


def _subtract_line(blocks: Float[Tensor, "k r c k r c"], line: Float[Tensor, "b l r c"]) -> None:
    """Subtract the Gram matrix of a kernel of ``k`` places that moves along a line, all over it."""
    count, length, *features = line.shape
    places, width = len(blocks), line[0, 0].numel()
    # Zeros behind each line: a shift beyond its end meets zeros, not the next line.
    spaced = line.new_zeros(count, length + places - 1, *features)
    spaced[:, :length] = line
    a = spaced.flatten(2).unfold(1, places, 1).mT.reshape(count * length, places * width)
    R = (a[:, :width].T @ a).view(*features, places, *features, 1)
    for shift in range(places):
        blocks.diagonal(shift, 0, 3).sub_(R[:, :, shift])
        if shift:
            blocks.diagonal(-shift, 0, 3).sub_(R[:, :, shift].permute(2, 3, 0, 1, 4))
