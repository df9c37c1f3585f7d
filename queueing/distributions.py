"""The few special functions that waiting times take: how sums of exponentials spread.

Pure; the standard library has none of them. Continued fractions by Lentz's method,
asymptotic series after Abramowitz and Stegun, 6.3.18, 6.4.12, 6.5.31 and 26.5.8.
"""

import math
from collections.abc import Callable
from typing import Final

_PRECISION: Final = 1e-12
_TINY: Final = 1e-300
_SERIES_FROM: Final = 10.0

Coefficient = Callable[[int], float]


def digamma(x: float) -> float:
    """Give the derivative of the logarithm of the gamma function, for ``x > 0``."""
    shift = 0.0
    while x < _SERIES_FROM:
        shift -= 1 / x
        x += 1
    y = 1 / (x * x)
    series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)))
    return shift + math.log(x) - 0.5 / x - series


def trigamma(x: float) -> float:
    """Give the derivative of `digamma`, for ``x > 0``."""
    shift = 0.0
    while x < _SERIES_FROM:
        shift += 1 / (x * x)
        x += 1
    y = 1 / (x * x)
    series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y / 30)))
    return shift + 1 / x + y / 2 + series / x


def beta_share(x: float, a: float, b: float) -> float:
    """Give the share of a Beta(a, b) below ``x``: the regularised incomplete beta."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + a * math.log(x)
        + b * math.log1p(-x)
    )

    def step(n: int) -> float:
        m = n // 2
        if n % 2 == 0:
            return m * (b - m) * x / ((a + n - 1) * (a + n))
        return -(a + m) * (a + b + m) * x / ((a + n - 1) * (a + n))

    return front / (a * _fraction(1.0, step, lambda _: 1.0))


def gamma_beyond(x: float, shape: float) -> float:
    """Give the share of a Gamma(shape, 1) above ``x``: its upper incomplete function."""
    if x <= 0:
        return 1.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return 1 - front * _below(x, shape)
    fraction = _fraction(
        x + 1 - shape, lambda n: n * (shape - n), lambda n: x + 2 * n + 1 - shape
    )
    return front / fraction


def _below(x: float, shape: float) -> float:
    term = total = 1 / shape
    each = shape
    while term > total * _PRECISION:
        each += 1
        term *= x / each
        total += term
    return total


def _fraction(first: float, upper: Coefficient, lower: Coefficient) -> float:
    """Work out first + upper(1) / (lower(1) + upper(2) / (lower(2) + …))."""
    value = first or _TINY
    top, bottom = value, 0.0
    for n in range(1, 10_000):
        bottom = 1 / (lower(n) + upper(n) * bottom or _TINY)
        top = lower(n) + upper(n) / top or _TINY
        step = top * bottom
        value *= step
        if abs(step - 1) < _PRECISION:
            break
    return value
