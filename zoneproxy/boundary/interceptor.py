"""The one shape of everything that happens to a message.

Requests go down the chain (``chain.py`` is the list), replies come back up through the ``then`` that each
interceptor left behind. State that joins a request to its reply lives in that ``then``, in the session's in-flight
table; no interceptor keeps a map by correlation id. All of it is synchronous. Whoever must wait for something returns
a generator that yields what it needs and then goes on; the common case needs nothing and returns its answer at once.

An exception in here is a denial: the session closes, counts and logs it without payload.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from zoneproxy.boundary.facts import Fact
from zoneproxy.boundary.fetch_sessions import FetchSessions
from zoneproxy.boundary.kept import Kept
from zoneproxy.boundary.share.sessions import ShareSessions
from zoneproxy.policy.model import PLAINTEXT

if TYPE_CHECKING:
    from zoneproxy.boundary.advertised import Addresses
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.boundary.cut import TopicKey
    from zoneproxy.boundary.familiar import Familiar
    from zoneproxy.boundary.holes import ProducerHoles
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.formats.framing import SchemaId
    from zoneproxy.policy.model import Principal
    from zoneproxy.policy.namespaces import Namespace
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.wire.codec import RequestHeader
    from zoneproxy.wire.messages.api_keys import ApiKey
    from zoneproxy.wire.messages.message import Message


# --- needs ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the upstream, over the control connection, which topics exist; afterwards ``ctx.cluster`` knows."""

    ids: frozenset[bytes] = frozenset()
    names: frozenset[str] = frozenset()
    every: bool = False  # all topics that there are
    sizes: frozenset[str] = frozenset()  # topics of which it is asked how large a batch they take


@dataclass(frozen=True, slots=True)
class Schemas:
    """Ask schema registries, each by its name, for these; afterwards the books know what could be learned."""

    wanted: frozenset[tuple[str, SchemaId]]


@dataclass(slots=True)
class Work:
    """Pure functions over record batches, to be run in order, large ones off the event loop.

    ``size`` is the most bytes that they may go through, decompressed and all together. A job keeps its own result.
    """

    jobs: Sequence[Callable[[], None]]
    size: int


Need = LookUp | Schemas | Work

T = TypeVar("T")
# Yields needs, goes on when they are fulfilled, returns its answer.
Waiting: TypeAlias = Generator[Sequence[Need], None, T]
Eventually: TypeAlias = T | Waiting[T]  # an answer, or the wait for it


def waited(answer: Eventually[T]) -> Waiting[T]:
    """The answer itself, for whoever waits anyway."""
    return (yield from answer) if isinstance(answer, Generator) else answer


# --- outcomes ------------------------------------------------------------------------------------------------


# Changes the reply in place; True if anything was changed, so that the original bytes must not be used. Its first
# argument is the response message of the API it was left for, which only that interceptor knows the type of.
Then = Callable[[Any, "Context"], "Eventually[bool]"]


@dataclass(frozen=True, slots=True)
class Forward:
    """Let the message go on down the chain, and at its end to the broker."""

    then: Then | None = None
    edited: bool = False  # the message was changed in place: the original bytes must not be used
    expects_reply: bool = True  # False: the broker will send none (Produce with acks=0)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer here; the broker never sees the request. What interceptors above left to do is done to the answer."""

    message: Message
    version: int | None = None  # write the reply in another version than the request's (KIP-511); None: the same


@dataclass(frozen=True, slots=True)
class Close:
    """Close the client's connection, as Kafka does where no reply can be given. ``reason`` is a fixed word."""

    reason: str


Outcome = Forward | Reply | Close

GO_ON = Forward()  # as it is, and the reply is not looked at
GO_ON_UNANSWERED = Forward(expects_reply=False)


# --- context -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class SessionFacts:
    """What stays the same for one client connection."""

    principal: Principal
    zone: str  # the listener's zone
    listener: str
    host: str  # the client's address
    cluster: ClusterView  # in the words of the zone's namespace
    addresses: Addresses
    versions: NodeVersions  # what the broker at the other end of this session speaks
    holes: ProducerHoles
    namespace: Namespace | None = None  # the part of the upstream that is the zone's; None: all of it
    fetching: FetchSessions = field(default_factory=FetchSessions)
    sharing: ShareSessions = field(default_factory=ShareSessions)
    tls: str = PLAINTEXT  # the version that the client's connection has
    observe: bool = False  # the listener only tries controls out
    admitted: set[tuple[int, int]] = field(default_factory=set)  # keys and versions, each of which there is here
    client_id: str | None = None  # what the client may call itself, and the policy that says so
    client_id_under: PolicySnapshot | None = None
    familiar: Familiar | None = None  # what was decided about requests of the commonest kind


@dataclass(slots=True)
class Context:
    """One request on its way. ``snapshot`` is the policy that all of it is decided under."""

    session: SessionFacts
    header: RequestHeader
    snapshot: PolicySnapshot
    now: float  # seconds since the epoch, given by the shell
    facts: list[Fact] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)  # for the quarantine; never told as facts
    # Of the topics that the reply may bring, as the reply will name them: decided with the request.
    names: Mapping[TopicKey, str] = field(default_factory=dict)

    @property
    def observe(self) -> bool:
        """Whether controls are only tried out here: the listener says so, or its zone."""
        zone = self.snapshot.zones.get(self.session.zone)
        return self.session.observe or (zone is not None and zone.observe)

    @property
    def home(self) -> str:
        """The principal's home zone under this request's policy."""
        principal = self.session.principal
        return (self.snapshot.principal(principal.name) or principal).zone


M_contra = TypeVar("M_contra", contravariant=True)


class Interceptor(Protocol[M_contra]):
    """One thing that is done to messages."""

    @property
    def apis(self) -> frozenset[ApiKey]:
        """What it wants to see; nothing else comes to it."""
        ...

    def request(self, message: M_contra, ctx: Context) -> Eventually[Outcome]:
        """Decide. Edits the message in place and says so in ``Forward.edited``."""
        ...
