"""What may be said between two zones, by the detectors of all rules between them; and what is told of what may not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from zoneproxy.boundary.crossing import Crossing, Side
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context, Eventually, Waiting, Work
from zoneproxy.boundary.may import leave
from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

MAX_CLEAN = 16_384  # texts known to hold nothing; at the bound all are forgotten and looked through anew
MAX_CLEAN_LENGTH = 255
LARGE = 4 * 1024  # bytes from which on the event loop does not wait for the scan: dense ones take microseconds each
MAX_LOOKED = 4 * 1024  # bytes of names in refusals

MAX_TEXTS = 20_000  # of one request that are looked at one by one; a hundred megabytes can hold millions
NO_PARTITION = -1
WITHHELD = "(withheld)"  # in place of a name

T = TypeVar("T")


class Screen:
    """Compiled once for each worker."""

    def __init__(self, plans: Plans, max_member_bytes: int) -> None:
        """``max_member_bytes``: the most that a member of a group may hand to the others at once."""
        self.max_member_bytes = max_member_bytes
        self._plans = plans
        self._clean: set[tuple[ControlPlan, bytes]] = set()

    def hearing(self, ctx: Context, side: Side = "produce") -> Hearing | None:
        """For one message; None where nobody looks. ``side`` is "fetch" for what the client is told."""
        plan = self._plans.of(ctx.snapshot.controls_beside_records(ctx.home, ctx.session.zone))
        return None if plan is None else Hearing(plan, self, side, observe=ctx.observe)

    def withhold(self, ctx: Context) -> None:
        """Take names that hold data out of what is told of refusals: it ends in logs.

        Whatever is only tried out keeps no data out of them; and who may be refused a thousand names of 32 KiB must not
        have all of them looked at while an event loop waits: behind the first few the others go, too.
        """
        named = [at for at, fact in enumerate(ctx.facts) if isinstance(fact, Denied) and fact.resource]
        hearing = self.hearing(ctx) if named else None
        if hearing is None:
            return
        left = MAX_LOOKED
        for at in named:
            fact = ctx.facts[at]
            assert isinstance(fact, Denied)
            text = fact.resource.encode()
            left -= 0 if hearing.is_known(text) else len(text)
            if left < 0 or not hearing.is_silent(fact.resource_type, text):
                ctx.facts[at] = replace(fact, resource=WITHHELD)

    def is_clean(self, plan: ControlPlan, text: bytes) -> bool:
        """Whether it is known that ``plan`` has nothing to say of ``text``."""
        return (plan, text) in self._clean

    def note_clean(self, plan: ControlPlan, text: bytes) -> None:
        """``plan`` has nothing to say of ``text``. What is dirty is not remembered."""
        if len(text) <= MAX_CLEAN_LENGTH:
            if len(self._clean) >= MAX_CLEAN:
                self._clean.clear()
            self._clean.add((plan, text))


class Hearing:
    """The texts of one message, and what came of them.

    What is only tried out (``observe``, and controls with ``dry_run``) is counted and changes nothing.
    """

    def __init__(self, plan: ControlPlan, screen: Screen, side: Side, *, observe: bool = False) -> None:
        self._plan = plan
        self._screen = screen
        self._side = side
        self._meant = None if observe else _Ear.of(plan)
        self._tried = [ear for each in ((plan if observe else None), plan.dry_run) if (ear := _Ear.of(each))]
        self._refused: dict[tuple[str, str], None] = {}  # place, why
        self._is_deaf = False

    def hears_nothing(self, texts: Sequence[bytes]) -> bool:
        """Whether there is nothing in any of ``texts``: one look at all of them. False: each has to be looked at."""
        together = b"\n".join(texts)
        return not any(ear.suspects(together) for ear in (self._meant, *self._tried) if ear)

    def is_too_much(self, place: str, texts: Sequence[bytes]) -> bool:
        """Whether so many ``texts`` may not be said, as there may be something in any of them.

        Where that is only for what is tried out they may, and none of them is looked at.
        """
        if len(texts) <= MAX_TEXTS:
            return False
        together = b"\n".join(texts)
        if self._meant and self._meant.suspects(together):
            return self.refuse(place, "too_many")
        self._is_deaf = any(ear.suspects(together) for ear in self._tried)
        return False

    def allows(self, place: str, text: bytes) -> bool:
        """Whether ``text``, which cannot be another one, may be said. ``place`` is a fixed word."""
        return self._said(place, text, _Ear.forbid) is not None

    def redacted(self, place: str, text: bytes) -> bytes | None:
        """``text`` as it may be said; itself if nothing has to be changed; None: it may not."""
        return self._said(place, text, _Ear.redact)

    def is_known(self, text: bytes) -> bool:
        """Whether it is known that there is nothing in ``text``."""
        return self._screen.is_clean(self._plan, text)

    def is_silent(self, place: str, text: bytes) -> bool:
        """Whether nothing is found in ``text``, by what is only tried out either."""
        before = self._findings
        return self.allows(place, text) and self._findings == before

    def refuse(self, place: str, why: str) -> bool:
        """Something may not be said, for a reason that is a fixed word. False where everything is only tried out."""
        if self._meant:
            self._refused[place, why] = None
        return self._meant is not None

    def tell(self, ctx: Context) -> None:
        """Leave behind as facts what was found and what was refused."""
        if self._meant:
            ctx.facts += self._meant.tally.facts(Crossing(self._side, "", NO_PARTITION))
        for ear in self._tried:
            ctx.facts += ear.tally.facts(Crossing(self._side, "", NO_PARTITION, observe=True))
        for place, why in self._refused:
            leave(ctx, Denied(ApiKey(ctx.header.api_key).name, "", place, "", ErrorCode.POLICY_VIOLATION, why))

    def _said(self, place: str, text: bytes, treat: Callable[[_Ear, bytes, str], bytes]) -> bytes | None:
        if self._is_deaf or self._screen.is_clean(self._plan, text):
            return text
        before = self._findings
        for ear in self._tried:
            with suppress(Goes, ProtocolError):
                treat(ear, text, place)
        said = text
        if self._meant:
            try:
                said = treat(self._meant, text, place)
            except (Goes, ProtocolError) as error:  # a ProtocolError: more than can be looked through
                self.refuse(place, error.reason)
                return None
        if self._findings == before:
            self._screen.note_clean(self._plan, text)
        return said

    @property
    def _findings(self) -> int:
        return sum(ear.tally.findings for ear in (self._meant, *self._tried) if ear)


class _Ear:
    """What one plan finds."""

    def __init__(self, plan: ControlPlan) -> None:
        self.tally = Tally()
        self._plan = plan
        self._parts = PartTreatment(plan, self.tally)

    @classmethod
    def of(cls, plan: ControlPlan | None) -> _Ear | None:
        """None if there is nothing that it looks for."""
        return None if plan is None or plan.scanner is None else cls(plan)

    def suspects(self, text: bytes) -> bool:
        """Whether there may be something in it (stage 1)."""
        assert self._plan.scanner
        return self._plan.scanner.suspicious(text)

    def redact(self, text: bytes, place: str) -> bytes:
        """``text`` as it may be said. Raises Goes, ProtocolError."""
        return self._parts.redact(text, place)

    def forbid(self, text: bytes, place: str) -> bytes:
        """``text``; names and ids would be others if they were changed. Raises Goes, ProtocolError."""
        self._parts.forbid(text, place)
        return text


def aside(decide: Callable[[], T], size: int) -> Eventually[T]:
    """What ``decide`` returns; off the event loop if it has ``size`` bytes to go through and these are many."""
    return decide() if size < LARGE else _waited(decide, size)


def _waited(decide: Callable[[], T], size: int) -> Waiting[T]:
    outcome: list[T] = []
    yield (Work([lambda: outcome.append(decide())], max(size, INLINE)),)
    return outcome[0]
