"""docs/workflow.md says what the machines do."""

import inspect
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cases.workflows.drawing import MACHINES, steps_of, workflow_page
from cases.workflows.guards import ASKED, GUARDS


def test_the_page_is_as_the_machines_are_now(settings: Settings) -> None:
    page = settings.BASE_DIR / "docs" / "workflow.md"
    assert page.read_text(encoding="utf-8") == workflow_page()


def test_a_page_that_has_fallen_behind_is_found(
    settings: Settings, tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "workflow.md"
    page.parent.mkdir()
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="not current"):
        call_command("draw_workflow", "--check")
    call_command("draw_workflow")
    call_command("draw_workflow", "--check")
    drawn = page.read_text(encoding="utf-8")
    page.write_text(drawn.replace("受理", "收下", 1), encoding="utf-8")
    with pytest.raises(CommandError, match="not current"):
        call_command("draw_workflow", "--check")


def test_every_guard_has_words_and_no_words_are_left_over() -> None:
    steps = [step for _title, model in MACHINES for step in steps_of(model)]
    guards = {guard for step in steps for guard in step.conditions}
    assert GUARDS.keys() == guards


def test_what_a_step_refuses_by_itself_is_on_the_page() -> None:
    """A guard that needs the facts of the step stands in the step."""
    methods = {
        (model.MACHINE, step.name): getattr(model, step.name)
        for _title, model in MACHINES
        for step in steps_of(model)
    }
    raising = {
        key for key, method in methods.items() if "raise " in inspect.getsource(method)
    }
    assert raising <= ASKED.keys() <= methods.keys()


def test_the_page_says_under_what_conditions_each_step_is_open() -> None:
    rows = [line.split(" | ") for line in workflow_page().splitlines()]
    told = {row[0].strip("| "): row[4] for row in rows if len(row) == 8}
    assert told["采取措施并转送 `measure_and_forward`"] == "案件已受理；证据已固定"
    assert told["公告送达 `announce`"] == "未公告；上传人地址不明，或者决定满三日"
    assert told["期满恢复 `restore`"] == "—"
