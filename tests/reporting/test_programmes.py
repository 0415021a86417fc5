"""Whatever people do about reports in whatever order, what has to hold does after every
act (reported.py)."""

from collections import Counter

import pytest

from tests.programmes import run_programmes
from tests.reporting.programme import Programme
from tests.sizes import SIZE


@pytest.mark.django_db
def test_whatever_people_do_the_invariants_hold() -> None:
    Programme.taken = Counter()
    # An act here is a dozen statements and the check after it reads every row.
    run_programmes(Programme, max(5, SIZE.examples // 10))
    assert Programme.taken["report", "decide", "in_review"], "somebody decided"
