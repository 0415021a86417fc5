"""The parameters in force: the defaults, and what compliance set in their place."""

from dataclasses import fields, replace

from django.db import transaction

from evidence.matching.params import Params
from evidence.models import Threshold
from evidence.shelving import Shelver, record

# What judges a passage can be changed at will; what makes fingerprints asks for a
# reindex and what finds candidates is a matter of cost: both belong to releases.
CHANGEABLE = ("passage", "copied_passage", "similarity", "evidence", "short_coverage")


class NoSuchThreshold(Exception):
    """Not a threshold that may be changed, or not a value it could have."""


def in_force() -> Params:
    """Return the parameters that a screening uses now."""
    rows = Threshold.objects.filter(name__in=CHANGEABLE).values_list("name", "value")
    return changed(Params(), dict(rows))


def changed(params: Params, values: dict[str, float]) -> Params:
    """Return the parameters with some thresholds changed. Raises NoSuchThreshold."""
    whole = {each.name for each in fields(params) if each.type is int}
    for name, value in values.items():
        if name not in CHANGEABLE:
            raise NoSuchThreshold(name)
        is_share = isinstance(getattr(params, name), float) and name != "evidence"
        if not 0 < value <= (1 if is_share else 10_000):
            raise NoSuchThreshold(f"{name}={value:g}")
    cast = {name: int(v) if name in whole else v for name, v in values.items()}
    return replace(params, **cast)  # type: ignore[arg-type]


def set_threshold(
    name: str, value: float, shelver: Shelver, *, replay: int | None = None
) -> None:
    """Use another value from now on; past matches keep the one they were made with.

    replay: the id of the replay that showed what it would touch, for the ledger.
    """
    before = in_force()
    after = changed(before, {name: value})
    with transaction.atomic():
        Threshold.objects.update_or_create(
            name=name, defaults={"value": value, "set_at": shelver.at}
        )
        facts: dict[str, object] = {"name": name, "digest_before": before.digest()}
        facts["digest_after"] = after.digest()
        facts["thousandths_before"] = round(getattr(before, name) * 1000)
        facts["thousandths_after"] = round(getattr(after, name) * 1000)
        if replay is not None:
            facts["replay"] = replay
        record("threshold.set", facts, shelver)
