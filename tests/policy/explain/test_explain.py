from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import random_policies
from zoneproxy.policy.explain.explain import explain
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.snapshot import Policy, PolicySnapshot


@settings(max_examples=40)
@given(policy=random_policies.policies(), question=random_policies.questions(), moment=st.sampled_from((0, 1500, 3000)))
def test_an_explanation_is_the_answer_of_the_data_path(policy: Policy, question: Question, moment: float) -> None:
    snapshot = PolicySnapshot(policy).at(moment)
    explanation = explain(snapshot, question)
    assert explanation.allowed == question.answer(snapshot)
    assert explanation.reasons
    assert (explanation.remedy is None) == explanation.allowed
    known = explanation.home != "" and question.zone in snapshot.zones
    assert bool(explanation.crossings) == (known and question.resource is ResourceType.TOPIC)
    for crossing in explanation.crossings:
        assert crossing.controls == snapshot.controls(crossing.from_zone, crossing.to_zone, question.name)
