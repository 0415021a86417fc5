"""What every row with a protected state shares."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models


class StateRow(models.Model):
    """A row with a protected `state` and a `version` that each transition raises.

    The version is what a form carries: a stale form is told that the case moved on.
    LOADED: what a step reads beside the row. ADDRESSES: what it reads as well if it
    writes to somebody, or if a person takes it, whose side has to be known.
    """

    LOADED: ClassVar[tuple[str, ...]] = ()
    ADDRESSES: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """Reload without lifting the protection of `state` for other threads:
        a first assignment is allowed, so the old value is put aside."""
        held = self.__dict__.pop("state", None)
        if fields is None:
            # Django takes what was put aside for deferred, and would leave it out.
            fields = [field.attname for field in self._meta.concrete_fields]
            self._prefetched_objects_cache: dict[str, Any] = {}
        try:
            super().refresh_from_db(using, fields, from_queryset)
        finally:
            if "state" not in self.__dict__ and held is not None:
                self.__dict__["state"] = held
