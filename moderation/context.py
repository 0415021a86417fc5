"""What every template may name without being handed it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"operator": settings.OPERATOR, "demo": settings.DEMO}
