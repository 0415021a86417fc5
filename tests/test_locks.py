"""What script/lock must have written."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-prod.txt", "requirements-dev.txt")


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_every_direct_dependency(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = lock.removeprefix("requirements").removesuffix(".txt").strip("-")
    wanted = list(project["dependencies"])
    if extra:
        wanted += project["optional-dependencies"][extra]
    names = {pin.partition("==")[0] for pin in pins(lock)}
    assert {re.split(r"[^a-z0-9-]", line)[0] for line in wanted} <= names


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_says_nothing_of_where_packages_come_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|--index-url|--extra-index|--find-links|^/", text)


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_what_runs_in_production_is_what_is_tested(lock: str) -> None:
    assert pins(LOCKS[0]) <= pins(lock)
