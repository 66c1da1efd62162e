"""The bpmn-tck cases with YAML among the samples pass, driven through `shaodao run`'s engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.tck import Case, cases, play, state

SAMPLES = Path(__file__).parents[3] / "shared" / "bpmn-samples"
ALL = cases(SAMPLES)
ENDED = {"completed": {"completed"}, "terminated": {"cancelled"}, "activated": {"waiting", "error"}}

pytestmark = pytest.mark.skipif(not ALL, reason=f"no samples in {SAMPLES}")


@pytest.mark.parametrize("case", ALL, ids=str)
def test_case(case: Case) -> None:
    told, process = play(case)
    assert told.refused is None
    assert told.missed == []
    for kind, args in case.verifications:
        if kind == "element-instance-state":
            assert state(told, process, args) == args["state"], args
        elif kind == "workflow-instance-state":
            assert told.ended in ENDED[args["state"]]
        elif kind == "incident-state":
            assert state(told, process, args) == "incident"
        else:  # a message's values stand under the event that received it
            received = [each for each in told.data.values() if isinstance(each, dict)]
            assert any(str(each.get(args["name"])) == args["value"] for each in received)
