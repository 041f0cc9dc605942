"""The schemas of registries, as far as they are known.

The decision core looks things up here and asks nobody. Whoever asks a registry writes down what it says, on the event
loop; values are read in any thread. Each change is one assignment.
"""

from __future__ import annotations

from collections.abc import Mapping

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.framing import SchemaId
from zoneproxy.formats.schema import Schema

MAX_SCHEMAS = 4096  # that were asked for, of one registry; then the oldest is forgotten
UNKNOWN_SCHEMA = "unknown_schema"


class UnknownSchema(Malformed):
    """A value is of a schema that the registry has not been asked for yet, or not with success."""

    def __init__(self, registry: str, schema: SchemaId) -> None:
        super().__init__(UNKNOWN_SCHEMA)
        self.registry = registry
        self.schema = schema


class SchemaBook:
    """Of one registry."""

    def __init__(self, registry: str, known: Mapping[SchemaId, Schema], *, asks: bool) -> None:
        """``known`` from the beginning, for good. ``asks``: there is somebody who can be asked for others."""
        self.registry = registry
        self._known = known
        self._asks = asks
        self._learned: dict[SchemaId, Schema | None] = {}

    def schema(self, id_: SchemaId) -> Schema:
        """Raises Malformed: there is no such schema; UnknownSchema: nobody knows yet whether there is."""
        schema = self._known.get(id_)
        if schema is None:
            if self._asks and id_ not in self._learned:
                raise UnknownSchema(self.registry, id_)
            schema = self._learned.get(id_)
        if schema is None:
            raise Malformed(UNKNOWN_SCHEMA)
        return schema

    def is_open(self, id_: SchemaId) -> bool:
        """Whether it is worth asking for."""
        return self._asks and id_ not in self._known and id_ not in self._learned

    def learn(self, id_: SchemaId, schema: Schema | None) -> None:
        """What the registry says of it. None: it has none, or none that can be read."""
        while len(self._learned) >= MAX_SCHEMAS:
            self._learned.pop(next(iter(self._learned)), None)
        self._learned[id_] = schema

    def forget(self, id_: SchemaId) -> None:
        """It may be asked for again."""
        self._learned.pop(id_, None)


Books = Mapping[str, SchemaBook]
"""By the names of registries."""
