"""Whatever people do about reports in whatever order, what has to hold does after every
act (reported.py)."""

from collections import Counter

import pytest

from tests.programmes import run_programmes
from tests.reporting.programme import Programme
from tests.sizes import SIZE

# A reporter is asked about nothing urgent and nothing that is restricted, and whatever
# is new ends the waiting before anything else happens.
NEVER = {
    ("report", step, "need_info")
    for step in ("see", "receive_paper", "end_measures", "end_restriction")
}


@pytest.mark.django_db
def test_whatever_people_do_the_invariants_hold() -> None:
    Programme.taken = Counter()
    # An act here is a dozen statements and the check after it reads every row.
    run_programmes(Programme, max(5, SIZE.examples // 10))
    assert Programme.taken["report", "decide", "in_review"], "somebody decided"
    assert not NEVER & Programme.taken.keys()
