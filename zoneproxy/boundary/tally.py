"""What came of the records of one batch: counted while they are treated, then told as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Fact, Filtered, Found, Transformed

FINDING = "finding"
UNSCANNABLE = "unscannable"
REMAINDER = "remainder"  # a redaction did not take everything away


class Goes(Exception):
    """The record may not go on, because of a rule and for a reason, which is a fixed word."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(rule, reason)
        self.rule = rule
        self.reason = reason


class Dropped(Exception):
    """The record is not for this consumer, says a row filter: it stays behind, and nobody did anything wrong."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Tally:
    """See the module."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str, str, str]] = Counter()  # by rule, type, place, action
        self._confidence: dict[tuple[str, str, str, str], float] = {}  # the highest
        self._transformed: Counter[tuple[str, str]] = Counter()  # by rule, kind
        self._gone: Counter[tuple[str, str]] = Counter()  # records, by rule, reason
        self._dropped: Counter[str] = Counter()  # records, by rule

    def found(self, rule: str, type_: str, place: str, action: str, confidence: float) -> None:
        """A finding that a control acts on."""
        key = rule, type_, place, action
        self._found[key] += 1
        self._confidence[key] = max(confidence, self._confidence.get(key, 0.0))

    @property
    def findings(self) -> int:
        """Findings so far that a control acts on."""
        return self._found.total()

    def transformed(self, rule: str, kind: str) -> None:
        """A value was rewritten."""
        self._transformed[rule, kind] += 1

    def goes(self, why: Goes) -> None:
        """A record does not stay."""
        self._gone[why.rule, why.reason] += 1

    def drops(self, why: Dropped) -> None:
        """A record stays behind."""
        self._dropped[why.rule] += 1

    @property
    def gone(self) -> int:
        """Records that may not go on."""
        return self._gone.total()

    @property
    def dropped(self) -> int:
        """Records that stay behind, besides those."""
        return self._dropped.total()

    @property
    def reason(self) -> str:
        """Why most of them may not; empty if all may."""
        reasons: Counter[str] = Counter()
        for (_, reason), count in self._gone.items():
            reasons[reason] += count
        return max(reasons, key=lambda reason: reasons[reason], default="")

    def facts(self, crossing: Crossing) -> Iterator[Fact]:
        """What is to be told, without a byte of what was found."""
        topic, partition = crossing.topic, crossing.partition
        for found, count in self._found.items():
            yield Found(*found, self._confidence[found], topic, partition, count)
        for (rule, kind), count in self._transformed.items():
            yield Transformed(rule, kind, topic, partition, count)
        for (rule, reason), count in self._gone.items():
            yield Blocked(rule, crossing.side, reason, topic, partition, count)
        for rule, count in self._dropped.items():
            yield Filtered(rule, topic, partition, count)
