"""What the index holds, counted by cluster."""

from evidence import store
from evidence.models import Text


def clusters_indexed() -> int:
    """Return how many indexed texts no other one stands for."""
    every = store.representatives(Text.objects.values_list("pk", flat=True))
    return sum(representative is None for representative in every.values())
