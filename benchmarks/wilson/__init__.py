"""How sure a share is that was counted over a sample (Wilson, 1927)."""

from math import sqrt

Z = 1.96  # 95 %


def bounds(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share; nothing is known of an empty sample."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, Z * Z / of
    middle, half = share + spread / 2, Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)
