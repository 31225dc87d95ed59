"""A figure of a benchmark: what it costs us, what it costs the floor, and the most it may be of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Costs in CPU `unit`s."""

    what: str
    ours: float
    floor: float
    unit: str  # "s" or "ms"
    against: str  # what the floor is
    limit: float | None = None  # of the ratio, where the project sets itself one

    @property
    def ratio(self) -> float:
        """Ours as a share of the floor."""
        return self.ours / self.floor

    def __str__(self) -> str:
        """One line of the table."""
        limit = "" if self.limit is None else f"{self.limit:.3f}"
        above = "" if self.limit is None or self.ratio <= self.limit else "  (above)"
        costs = f"{self.ours:8.3f} {self.floor:8.3f} {self.unit:<3}"
        return f"{self.what:<40} {costs} {self.ratio:6.3f} {limit:>6}  {self.against}{above}"


HEAD = f"{'CPU':<40} {'ours':>8} {'floor':>8}     {'ratio':>6} {'limit':>6}  the floor"
