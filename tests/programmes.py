"""How random programmes are run: the state machines of Hypothesis over the services."""

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.sizes import FULL, SIZE

# Hypothesis makes five variations of each programme before it draws another; the
# other backend draws every one anew, which reaches twice as many moves of a machine
# in as many programmes. Its draws cannot be repeated from day to day, so that the
# everyday run, which is the same for everyone, goes without.
BACKEND = "hypothesis-urandom" if SIZE is FULL else "hypothesis"


def run_programmes(machine: type[RuleBasedStateMachine], programmes: int) -> None:
    """Run so many of SIZE.steps each; one that fails is made small and told."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=programmes,
            stateful_step_count=SIZE.steps,
            deadline=None,
            backend=BACKEND,
        ),
    )
