"""Going through the words of a text, one by one, within bounds."""

from __future__ import annotations

from zoneproxy.policy.conditions.words import NotACondition, Word, shown, words

MAX_DEPTH = 32  # of parentheses and "not"s in one another
MAX_PARTS = 256  # values, comparisons and whatever joins them


class Reading:
    """Where somebody is in a text; ``word`` is the next one."""

    def __init__(self, text: str) -> None:
        """Raises NotACondition: the text does not begin with a word."""
        self._words = words(text)
        self.word: Word = next(self._words)
        self._depth = 0
        self._parts = 0

    def next(self) -> None:
        """Go on. Not to be called at the end."""
        self.word = next(self._words)

    def take(self, written: str) -> bool:
        """Go on if the next word is written so."""
        if self.word.written != written:
            return False
        self.next()
        return True

    def require(self, written: str) -> None:
        """The next word must be written so."""
        if not self.take(written):
            raise self.expected(f"`{written}`")

    def expected(self, what: str) -> NotACondition:
        """An error to raise: ``what`` should be here."""
        found = f"`{shown(self.word.written[:40])}`" if self.word.written else "the end"
        return NotACondition(f"expected {what}, found {found}", self.word.at)

    def deeper(self) -> None:
        """Something begins that has to end before the rest goes on."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotACondition("nested too deep", self.word.at)

    def higher(self) -> None:
        """It has ended."""
        self._depth -= 1

    def count(self) -> None:
        """One more part."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise NotACondition("too long", self.word.at)
