"""The zone of the process changes nothing: not a date, not a page, not a letter.

Django sets the zone of the process to that of the settings; these tests set another
one after it, as a library or an operator might.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from evidence.actors import Role
from moderation.settings import TIME_ZONE
from tests.conftest import ZONE
from tests.factories import make_case, make_user

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")


@contextmanager
def process_in(zone: str) -> Iterator[None]:
    before = os.environ["TZ"]
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ["TZ"] = before
        time.tzset()


@pytest.mark.django_db
def test_a_case_and_its_clocks_read_alike_in_every_zone_of_the_process(
    client: Client,
) -> None:
    user = make_user(duty=Role.COMPLIANCE)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = []
    for zone in ZONES:
        with process_in(zone):
            case = make_case(state="measured")
            page = client.get(reverse("desk_case", args=[case.reference]))
            assert page.status_code == 200
            rows = case.deadlines.order_by("pk")
            moments = rows.values_list("clock", "due_at", "reasons")
            shown = page.content.decode().replace(str(case.reference), "")
            days = sorted(word for word in shown.split() if word[:2] == "20")
            found.append((days, list(moments)))
    assert found[0][0]
    assert found[0] == found[1] == found[2]


def test_the_process_is_in_the_zone_that_its_run_names() -> None:
    """The whole suite runs in one zone per database (script/suite.py)."""
    assert os.environ["TZ"] == (os.environ.get(ZONE) or TIME_ZONE)
    offset = datetime.now(ZoneInfo(os.environ["TZ"])).utcoffset()
    assert datetime.now().astimezone().utcoffset() == offset
