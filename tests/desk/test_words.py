"""Times as the desk says them."""

from datetime import datetime, timedelta

import pytest

from cases.calendars import CHINA
from moderation.desk.words import due_words, spoken

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        ("2026-11-20 13:30", "已超时 30 分钟"),
        ("2026-11-20 08:00", "已超时 6 小时"),
        ("2026-11-15 14:00", "已超时 5 天"),
        ("2026-11-20 15:45", "1.8 小时"),
        ("2026-11-20 20:15", "今天 20:15"),
        ("2026-11-21 00:00", "今天 24:00"),
        ("2026-11-21 09:00", "明天 09:00"),
        ("2026-11-22 00:00", "明天 24:00"),
        ("2026-12-08 00:00", "17 天后"),
    ],
)
def test_a_deadline_is_said_as_people_say_it(due_at: str, words: str) -> None:
    end = datetime.fromisoformat(due_at).replace(tzinfo=CHINA)
    assert due_words(end, at=NOW) == words


def test_durations_have_one_figure() -> None:
    assert spoken(timedelta(seconds=5)) == "1 分钟"
    assert spoken(timedelta(hours=3)) == "3 小时"
    assert spoken(timedelta(hours=47)) == "47 小时"
    assert spoken(timedelta(hours=50)) == "2 天"
