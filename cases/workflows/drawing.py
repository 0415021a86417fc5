"""docs/workflow.md, drawn from the machines themselves so that it cannot differ."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from cases.clocks import CLOCKS, Clock
from cases.models import (
    AccountMeasure,
    Appeal,
    CaseItem,
    CopyrightCase,
    CounterNotice,
    Proceeding,
    ReportCase,
    Submission,
)
from cases.notices import NOTICES
from cases.workflows.account import AccountState
from cases.workflows.appeal import AppealState
from cases.workflows.copyright import CaseState
from cases.workflows.counter_notice import CounterState
from cases.workflows.guards import guard_words
from cases.workflows.item import ItemState
from cases.workflows.proceeding import ProceedingState
from cases.workflows.report import ReportState
from cases.workflows.submission import SubmissionState

MACHINES: tuple[tuple[str, type[Any]], ...] = (
    ("版权申诉", CopyrightCase),
    ("被投诉文档", CaseItem),
    ("反通知", CounterNotice),
    ("诉讼、投诉与保全", Proceeding),
    ("发布审核", Submission),
    ("举报", ReportCase),
    ("复议", Appeal),
    ("账号措施", AccountMeasure),
)
UNITS = {
    "minute": "分钟",
    "hour": "小时",
    "day": "日",
    "working_day": "个工作日",
    "business_day": "个营业日",
    "month": "个月",
    "year": "年",
}
STATES: dict[str, Any] = {
    CopyrightCase.MACHINE: CaseState,
    CaseItem.MACHINE: ItemState,
    CounterNotice.MACHINE: CounterState,
    Proceeding.MACHINE: ProceedingState,
    ReportCase.MACHINE: ReportState,
    AccountMeasure.MACHINE: AccountState,
    Appeal.MACHINE: AppealState,
    Submission.MACHINE: SubmissionState,
}
HEADER = """# 流程

本页由 `manage.py draw_workflow` 根据状态机生成，请勿手工修改。
"""


def workflow_page() -> str:
    """Return the page: a diagram and a table for each machine, in Chinese."""
    with override("zh-hans"):
        return "\n".join([HEADER, *(_machine(*machine) for machine in MACHINES)])


def _machine(title: str, model: type[Any]) -> str:
    steps = steps_of(model)
    return "\n".join(
        [
            f"## {title}\n",
            *_diagram(model, steps),
            "",
            *_table(model, steps),
            *_matrix(model, steps),
        ]
    )


def steps_of(model: type[Any]) -> list[Any]:
    """Return every transition of a machine, one for each source, in reading order."""
    found = model._meta.get_field("state").get_all_transitions(model)
    return sorted(found, key=lambda step: _order(model, step))


def _order(model: type[Any], step: Any) -> tuple[int, int, str]:
    states = STATES[model.MACHINE].values
    return states.index(step.source), states.index(_target(step)), step.name


def _target(step: Any) -> str:
    """A step without a target leaves the state as it is."""
    return str(step.target or step.source)


def _diagram(model: type[Any], steps: list[Any]) -> Iterator[str]:
    field = model._meta.get_field("state")
    moves = [step for step in steps if step.target]
    left = {step.source for step in moves}
    states = {*left, *(step.target for step in moves)}
    yield "```mermaid\nstateDiagram-v2"
    choices = STATES[model.MACHINE].choices
    for state, label in choices:
        if state in states:
            yield f"    {state}: {label}"
    yield f"    [*] --> {field.default}"
    for step in moves:
        yield f"    {step.source} --> {step.target}: {step.custom['rule'].label}"
    for state, _label in choices:
        if state in states - left:
            yield f"    {state} --> [*]"
    yield "```"


def _table(model: type[Any], steps: list[Any]) -> Iterator[str]:
    """One line a step: where it starts, who takes it, and what comes with it."""
    labels = dict(STATES[model.MACHINE].choices)
    yield "| 步骤 | 由 | 到 | 谁 | 条件 | 依据 | 文书 | 期限 |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in dict.fromkeys(step.name for step in steps):
        same = [step for step in steps if step.name == name]
        rule, key = same[0].custom["rule"], (model.MACHINE, name)
        cells = (
            f"{rule.label} `{name}`",
            "、".join(str(labels[step.source]) for step in same),
            labels[same[0].target] if same[0].target else "不变",
            rule.actors,
            "；".join(guard_words(model.MACHINE, same[0])) or "—",
            rule.article,
            "；".join(_letters(key)) or "—",
            "；".join(_clocks(key)) or "—",
        )
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"
    yield ""


def _matrix(model: type[Any], steps: list[Any]) -> Iterator[str]:
    """States × steps: who can take which step where; a dot where nobody can."""
    names = list(dict.fromkeys(step.name for step in steps))
    yield "| 状态 | " + " | ".join(f"`{name}`" for name in names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    held = {(step.source, step.name): step.custom["rule"].actors for step in steps}
    for state, label in STATES[model.MACHINE].choices:
        if not any((state, name) in held for name in names):
            continue
        cells = [str(held.get((state, name), "·")) for name in names]
        yield f"| {label} | " + " | ".join(cells) + " |"
    yield ""


def _letters(key: tuple[str, str]) -> Iterator[str]:
    for letter in NOTICES.get(key, ()):
        yield f"{letter.kind.label} → {letter.audience.label}"


def _clocks(key: tuple[str, str]) -> Iterator[str]:
    for clock in CLOCKS.values():
        if key in clock.starts:
            yield f"起算 {clock.label}({_length(clock)})"
        if key in clock.stops:
            fires = clock.fires and key == (clock.on, clock.fires)
            yield f"{clock.label}届满时执行" if fires else f"止 {clock.label}"
        for steps, verb in (
            (clock.voids, "止"),
            (clock.pauses, "暂停"),
            (clock.resumes, "续算"),
            (clock.extends, "延长"),
        ):
            if key in steps:
                yield f"{verb} {clock.label}"


def _length(clock: Clock) -> str:
    return f"{clock.length} {UNITS[clock.unit]}" if clock.length else "按期限规则"
