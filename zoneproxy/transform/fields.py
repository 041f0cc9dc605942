"""Field rules at work on JSON documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoneproxy.transform.change import Change
from zoneproxy.transform.known_shapes import KnownShapes
from zoneproxy.transform.outline import GONE, outline
from zoneproxy.transform.paths import Path
from zoneproxy.transform.selectors import Rule, Rules, Selector
from zoneproxy.transform.splice import Edit, splice

Applied = tuple[bytes, tuple[int, ...]]
"""A document after its edits, and by its number each rule that changed, removed or noted a value, once for each."""


class FieldRules:
    """What becomes of fields: of all of them, where a name is given twice."""

    def __init__(
        self, rules: Sequence[Rule | tuple[Selector, Change | None]], allowed: Sequence[Sequence[Path]] = ()
    ) -> None:
        """``allowed`` are lists of paths; each counts as another rule, which removes what is on none of them."""
        self.rules = Rules(rules, allowed)
        self._known = KnownShapes(self.rules.changes)

    def apply(self, text: bytes) -> Applied:
        """What becomes of the document ``text``: itself, if nothing in it is changed. Raises NotJson."""
        for shape in (shapes := self._known.shapes):
            applied = shape.apply(text)
            if applied is not None:
                if shape is not shapes[0]:
                    self._known.met(shape)
                return applied
        return self._go_through(text)

    def values_put_out(self, text: bytes) -> Iterator[tuple[bytes, Change]]:
        """What opaque changes have put in the place of values: ``text`` is a document that all rules were applied to.

        None are told of where rules tell elements of lists apart by their index, as others may have gone.

        Raises NotJson.
        """
        changes, machine = self.rules.changes, self.rules.machine
        if machine.indexes or not any(change and change.opaque for change in changes):
            return
        for start, end, rule in outline(text, machine.root, changes).cuts:
            change = changes[rule] if rule != GONE else None
            if change and change.opaque:
                yield text[start:end].strip(b'"'), change

    def _go_through(self, text: bytes) -> Applied:
        changes = self.rules.changes
        found = outline(text, self.rules.machine.root, changes)
        self._known.gone_through(text, found)
        applied, edits = found.noted.copy(), []
        for start, end, rule in found.cuts:
            before = text[start:end]
            change = changes[rule] if rule != GONE else None
            after = change.value(before) if change else b""
            if after != before:
                edits.append(Edit(start, end, after))
                applied += () if rule == GONE else (rule,)
        return splice(text, edits) if edits else text, tuple(applied)
