"""docs/workflow.md says what the machines do."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cases.workflows.drawing import workflow_page


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
