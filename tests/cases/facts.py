"""What people say with each step that they can take themselves, in the programmes."""

from typing import Any

from cases.registration import Upload
from tests.cases.journeys import REASONING

LONGER = {
    "days": 5,
    "ground": "notarisation",
    "exhibits": ["0" * 64],
    "reasoning": REASONING,
}
FACTS: dict[tuple[str, str], dict[str, Any]] = {
    ("copyright", "accept"): {},
    ("copyright", "find_defects"): {"codes": ["D03"], "defects": {"D03": "没有。"}},
    ("copyright", "reject"): {"refusal": "no_right", "reasoning": REASONING},
    ("copyright", "hold"): {"document": "函 1 号", "reasoning": REASONING},
    ("copyright", "unmerge"): {},
    ("copyright", "unmerge_accepted"): {},
    ("copyright", "end_hold"): {"document": "函 2 号", "reasoning": REASONING},
    ("copyright", "withdraw"): {"ground": "settled", "reasoning": ""},
    ("item", "assess_no_measure"): {"finding": "evidence", "reasoning": REASONING},
    ("item", "measure_and_forward"): {"measure": "remove", "reasoning": REASONING},
    ("item", "ask_extension"): LONGER,
    ("item", "extend"): LONGER,
    ("item", "refuse_extension"): {"reasoning": REASONING},
    ("item", "announce"): {"ground": "failed"},
    ("item", "drop"): {"ground": "settled", "reasoning": ""},
    ("item", "withdraw"): {"ground": "mistaken", "reasoning": ""},
    ("counter_notice", "find_defects"): {"codes": ["C03"], "defects": {"C03": "无。"}},
    ("counter_notice", "forward"): {},
    ("counter_notice", "accept_cure"): {
        "containment_permille": 0,
        "reasoning": REASONING,
    },
    ("counter_notice", "reverse"): {"reasoning": REASONING},
    ("counter_notice", "reject"): {"refusal": "blank", "reasoning": REASONING},
    ("proceeding", "verify"): {},
    ("proceeding", "acknowledge"): {},
    ("proceeding", "return_proof"): {"reasoning": REASONING},
    ("proceeding", "refuse_proof"): {"reasoning": REASONING},
    ("proceeding", "conclude"): {"outcome": "dismissed", "reasoning": REASONING},
}
MEASURES = ("only_forward", "stop_download", "limit_preview", "interim_down", "remove")
OUTCOMES = ("upheld", "dismissed", "retracted", "ended")
KINDS = ("suit", "complaint")
AMENDED = Upload("新版正文，已删去涉案段落，余下均为自写。".encode(), "新版.txt")
