r"""The Gram matrix of the patches of an image under a kernel that moves by one place at a time.

Two places i and i' of a kernel see the same pixels, :math:`i' - i` apart, and what a patch has
there depends on nothing else but the patches that the border cuts off:

.. math::
    \sum_{p} x(p + i)\, x(p + i')^\top = R(i' - i) - \sum_{p \text{ outside}} x(p + i)\,
    x(p + i')^\top , \qquad R(s) = \sum_q x(q)\, x(q + s)^\top .

The first sum is over output positions, the last over all other positions where the kernel still
touches the image. A kernel of 3 x 3 has 13 shifts s up to their sign instead of 45 pairs of places,
and a shift is a product of two slices of one array, so that no patch is written out but at borders.
"""

from torch import Tensor
from torch.nn import functional as F

from cayley._shapes import Float

__all__ = ["shift_gram"]


def shift_gram(
    images: Float[Tensor, "b c h w"], kernel: tuple[int, ...], padding: tuple[int, ...]
) -> Float[Tensor, "n n"]:
    """Return the sums of products of features over all patches; features are channel, then place.

    Args:
        images: The images, in the precision of the sums.
        kernel: Height and width of the kernel, no larger than the padded images.
        padding: Zeros at either side of both axes, fewer than the kernel has places there.

    Example:
        >>> import torch
        >>> images = torch.arange(9.0).view(1, 1, 3, 3)
        >>> a = F.unfold(images, (2, 2), padding=(1, 0))[0]
        >>> torch.equal(shift_gram(images, (2, 2), (1, 0)), a @ a.T)
        True
    """
    rows, columns = kernel
    channels = images.shape[1]
    # Channels last: then each shift is a product of two tall matrices whose rows are as long as
    # there are channels, which was measured to be two to five times as fast as with long rows.
    pixels = images.permute(0, 2, 3, 1).contiguous()
    gram = images.new_empty(rows, columns, channels, rows, columns, channels)
    _fill_by_shifts(gram, pixels)
    _subtract_outside(gram, pixels, padding)
    return gram.permute(2, 0, 1, 5, 3, 4).reshape(channels * rows * columns, -1)


def _fill_by_shifts(gram: Tensor, pixels: Float[Tensor, "b h w c"]) -> None:
    """Set every block to the sum over all pairs of pixels that are so far apart."""
    rows, columns, channels = gram.shape[:3]
    # Zeros behind each row and each image: a shift beyond a border meets zeros, not the next row.
    spaced = F.pad(pixels, (0, 0, 0, columns - 1, 0, rows - 1))
    width = spaced.shape[2]
    X = spaced.view(-1, channels)
    for down in range(rows):
        for right in range(1 - columns if down else 0, columns):
            shift = down * width + right
            R = X[: len(X) - shift].T @ X[shift:]
            for i in range(rows - down):
                for j in range(max(0, -right), columns - max(0, right)):
                    gram[i, j, :, i + down, j + right] = R
                    gram[i + down, j + right, :, i, j] = R.T


def _subtract_outside(
    gram: Tensor, pixels: Float[Tensor, "b h w c"], padding: tuple[int, ...]
) -> None:
    """Subtract the patches that touch the image from beyond the output positions."""
    height, width = pixels.shape[1:3]
    rows, columns = gram.shape[:2]
    top, left = padding
    for first in (*range(1 - rows, -top), *range(height + top - rows + 1, height)):
        # Positions above or below the output, over the whole width: a few rows of each patch.
        start, stop = max(0, first), min(height, first + rows)
        strip = F.pad(pixels[:, start:stop], (0, 0, columns - 1, columns - 1))
        a = strip.unfold(2, columns, 1).permute(0, 2, 1, 4, 3)
        places = slice(start - first, stop - first)
        _subtract(gram[places, :, :, places], a)
    for first in (*range(1 - columns, -left), *range(width + left - columns + 1, width)):
        # Positions left or right of the output: a few columns of each patch.
        start, stop = max(0, first), min(width, first + columns)
        strip = F.pad(pixels[:, :, start:stop], (0, 0, 0, 0, top, top))
        a = strip.unfold(1, rows, 1).permute(0, 1, 4, 2, 3)
        places = slice(start - first, stop - first)
        _subtract(gram[:, places, :, :, places], a)


def _subtract(gram: Tensor, a: Tensor) -> None:
    """Subtract the Gram matrix of rows, the first two axes of ``a``, with the rest as features."""
    rows = a.reshape(a.shape[0] * a.shape[1], -1)
    gram.sub_((rows.T @ rows).view(gram.shape))
