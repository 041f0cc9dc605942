"""What a model expects at a place: which keys, which words. Taken from its JSON Schema."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from zoneproxy.config.located import Path

LATER = {
    "namespace": "namespaces come later: until then each zone needs an upstream of its own",
    "tokenise": "tokens come later: until then `with: hash` with a key is the nearest",
    "quarantine": "quarantine comes later: until then use `block`",
    "lineage": "lineage comes later: leave it out until then",
    "workers": "more than one worker comes later: leave it out until then",
    "auth": "SASL comes later: until then a listener has `tls` with client certificates, or `plaintext`",
    "sasl": "SASL comes later: until then an upstream has `tls`, or `plaintext`",
}
"""Words of the design that this version does not know yet, so that their users are not left guessing."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is none of ``known``."""
    if word in LATER:
        return LATER[word]
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names[:12])
    return f"known: {listed}" + (", ..." if len(names) > 12 else "")


class Expected:
    """Walks a JSON Schema along a path into the data."""

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        self._schema: dict[str, Any] = adapter.json_schema()
        self._definitions: dict[str, Any] = self._schema.get("$defs", {})

    def keys(self, path: Path) -> set[str]:
        """The keys that a mapping at ``path`` may have."""
        return {key for schema in self._at(path) for key in schema.get("properties", ())}

    def choices(self, path: Path) -> set[str]:
        """The words that may stand at ``path``, if it is one of a few."""
        return {str(word) for schema in self._at(path) for word in schema.get("enum", ())}

    def hint(self, path: Path) -> str:
        """The one thing to write at ``path``, if there is but one; otherwise what it is for, if the model says."""
        for schema in self._at(path):
            if "const" in schema:
                return f'write it out: "{schema["const"]}"'
            if "enum" in schema:
                return "one of: " + ", ".join(map(str, schema["enum"]))
            if "description" in schema and "properties" not in schema:
                return str(schema["description"])
        return ""

    def _at(self, path: Path) -> list[dict[str, Any]]:
        found = list(self._alternatives(self._schema))
        for step in path:
            found = [inner for schema in found for inner in self._step(schema, step)]
        return found

    def _step(self, schema: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
        if isinstance(step, int):
            inner = schema.get("items")
        else:
            inner = schema.get("properties", {}).get(step, schema.get("additionalProperties"))
        if isinstance(inner, dict):
            yield from self._alternatives(inner)

    def _alternatives(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The schema itself and all that it refers to or chooses from."""
        yield schema
        if "$ref" in schema:
            yield from self._alternatives(self._definitions[schema["$ref"].rsplit("/", 1)[1]])
        for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from self._alternatives(choice)
