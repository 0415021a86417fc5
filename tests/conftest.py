"""Which tests run, on which database, at which size. The browser: tests/browser.py."""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from evidence import reading
from evidence.extractors import Extract, extract, sniff
from tests.sizes import FULL, SIZE
from tests.snapshots import Snapshot

pytest_plugins = ["tests.browser"]

hypothesis.settings.register_profile(
    "anjian",
    max_examples=SIZE.examples,
    stateful_step_count=SIZE.steps,
    deadline=None,
    database=None,
    # The everyday run is the same for everyone; the full one looks further each time.
    derandomize=SIZE is not FULL,
    print_blob=True,
)
hypothesis.settings.load_profile("anjian")

_tests = itertools.count()
ZONE = "ANJIAN_TEST_ZONE"  # of the process: Django has set that of the settings
# Every other fixture of a database asks for one of these, and so does a live server.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
# Folders of tests.
PAPERS_OF_OUR_OWN = {
    *("cases", "desk", "documents", "gate", "reporting", "reports", "rights"),
}
NAMED = 20  # so many that are left out are named
LEFT_OUT = pytest.StashKey[dict[str, list[str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-browser", action="store_true", help="no Chromium here")


def pytest_configure() -> None:
    if zone := os.environ.get(ZONE):
        os.environ["TZ"] = zone
        time.tzset()


def pytest_report_header() -> str:
    zone = f"{os.environ['TZ']} ({'/'.join(time.tzname)})"
    return f"size: {SIZE.name}, zone of the process: {zone}"


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out by name what does not run here, and put browser tests last.

    Playwright keeps an event loop running in the main thread from its first use on,
    and Django's guard against that is off from there.
    """
    left_out: dict[str, list[str]] = {}
    kept: list[pytest.Item] = []
    for item in items:
        reason = _why_not(item, config)
        if reason is None:
            kept.append(item)
        else:
            left_out.setdefault(reason, []).append(item.nodeid)
    config.stash[LEFT_OUT] = left_out
    if left_out:
        dropped = [item for item in items if item not in kept]
        config.hook.pytest_deselected(items=dropped)
    items[:] = sorted(kept, key=lambda item: "browser" in item.keywords)


def _why_not(item: pytest.Item, config: pytest.Config) -> str | None:
    from django.conf import settings

    postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    marks = {mark.name for mark in item.iter_markers()}
    if "full" in marks and SIZE is not FULL:
        return "full size only"
    if "browser" in marks and config.getoption("--without-browser"):
        return "--without-browser"
    if postgresql and not _asks_for_a_database(item):
        return "asks for no database"
    if "browser" in marks and postgresql and "main_line" not in marks:
        return "browser tests run on SQLite, the main line on both"
    return None


def _asks_for_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for reason, tests in config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.write_line(f"left out ({reason}): {len(tests)} tests")
        for test in tests if len(tests) <= NAMED else ():
            terminalreporter.write_line(f"    {test}")


@pytest.fixture
def our_own_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read right here where the suite made it itself and the test is about
    what follows: a confined process each time costs more than the test.
    """
    monkeypatch.setattr(reading, "sniff_isolated", _sniffed)
    monkeypatch.setattr(reading, "extract_isolated", _extracted)


@pytest.fixture(autouse=True)
def papers(request: pytest.FixtureRequest) -> None:
    if PAPERS_OF_OUR_OWN & set(request.path.parts):
        request.getfixturevalue("our_own_papers")


def _sniffed(file: Path | bytes, name: str) -> str:
    return sniff(file if isinstance(file, bytes) else file.read_bytes(), name)


def _extracted(
    file: Path | bytes,
    name: str,
    *,
    seconds: float | None = None,
    media_type: str | None = None,
) -> tuple[str, Extract]:
    content = file if isinstance(file, bytes) else file.read_bytes()
    kind = media_type or sniff(content, name)
    return kind, extract(content, kind)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Bring the database back as the migrations left it after a test that commits.

    Django would flush it: the ledger's triggers refuse that, and the tables that no
    model owns would keep their rows.
    """
    with django_db_blocker.unblock():
        snapshot = Snapshot()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _: snapshot.restore()
        )
        yield
    with django_db_blocker.unblock():
        snapshot.drop()


@pytest.fixture(autouse=True)
def _witness_of_its_own(settings: Settings) -> None:
    """A test's database is forgotten when it ends; so is what was sealed of it."""
    folder = settings.VAR_DIR / f"checkpoints-{next(_tests)}"
    settings.LEDGER_WITNESS = folder


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Let `page.goto("/desk/")` mean our own server.

    It stands here because pytest-playwright's own would win over a plugin's.
    """
    return str(live_server.url)
