"""A few seconds of what ``tools/fuzz.py`` does for as long as one likes: no reader of foreign input falls over."""

import itertools

import pytest

from tests.support.fuzzing import TARGETS, mutated, survives

MANY = {"mail": 400, "reply": 150, "msg": 120, "attached": 60, "form": 300, "scan": 120, "export": 25}


@pytest.mark.parametrize("name", TARGETS)
def test_changed_inputs_are_read_or_refused(name: str) -> None:
    for raw in itertools.islice(mutated(TARGETS[name], seed=9), MANY[name]):
        survives(TARGETS[name], raw)
