"""Every page that anybody gets: nothing overflows, and axe finds nothing to mend."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from moderation.models import User
from tests.access import ACCESS
from tests.cast import ROLES, make_cast, session_of
from tests.sizes import SIZE

NewContext = Callable[..., BrowserContext]
# Who looks at a page that several get: those for whom most of it is shown.
LOOKERS = ("claimant_a", "moderator", "uploader", "anonymous")
# Pages of which compliance is shown more than other readers of the desk.
KEPT_BY_COMPLIANCE = {
    "desk_shelves",
    "desk_shelf",
    "desk_shelf_text",
    "desk_proposals",
    "desk_thresholds",
    "desk_replay",
    "desk_paper_new",
}
# Files, and parts that htmx puts into a page: no pages of their own.
NO_PAGES = {
    "calendar_feed",
    "report_proof",
    "desk_preview",
    "desk_search_progress",
    "work_progress",
    "submission_progress",
    "submissions_progress",
}
# Pages that anybody gets and that are empty for all but these.
OF_SELLERS = {"seller_home", "submissions", "submission_new"}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looker(name: str) -> str:
    """Who gets the page of this name with 200, "" when nobody does."""
    if name in OF_SELLERS:
        return "uploader"
    if name in KEPT_BY_COMPLIANCE:
        return "compliance"
    row = ACCESS[name][0]
    codes = row.split() * (1 if " " in row else len(ROLES))
    answers = dict(zip(ROLES, codes, strict=True))
    return next((role for role in LOOKERS if answers[role] == "200"), "")


def sign_in(
    context: BrowserContext, live_server: LiveServer, user: User | None
) -> None:
    if user is None:
        return
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
    context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[list-item]


def faults(page: Page) -> list[str]:
    found = [
        f"{each['id']}: {each['nodes'][0]['target']}"
        for each in Axe().run(page).response["violations"]
    ]
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [*found, *(["overflows"] if page.evaluate(wide) else [])]


@pytest.mark.parametrize("theme", SIZE.themes)
def test_every_page_is_accessible_and_fits(
    theme: str, new_context: NewContext, live_server: LiveServer
) -> None:
    """At each width: the page is opened once, and its window drawn wider."""
    with transaction.atomic():
        cast = make_cast()
    pages: dict[str, Page] = {}
    found = {}
    for name in sorted(ACCESS.keys() - NO_PAGES):
        role = looker(name)
        if not role:
            continue
        if role not in pages:
            context = new_context(color_scheme=theme)
            sign_in(context, live_server, cast.users[role])
            pages[role] = context.new_page()
        page = pages[role]
        page.goto(f"{live_server.url}{cast.address(name)}")
        for width in SIZE.widths:
            page.set_viewport_size({"width": width, "height": 900})
            if wrong := faults(page):
                found[name, width] = wrong
    assert found == {}
