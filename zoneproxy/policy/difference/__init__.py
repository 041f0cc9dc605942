"""What a change of policy changes: every decision that comes out otherwise, and what records meet otherwise.

Names and addresses are without number, but policies tell few of them apart: ``atoms`` divides them into sets in which
all are treated alike by both policies, and one of each is asked about. So what is not reported does not change.

- ``difference``: two policies → everything that differs; ``actors``: who can ask; ``rights``: what makes two askers
  alike; ``decisions``: the decisions of one asker; ``summary``: many single decisions as few lines
- ``controls``: what is done to records; ``entries``: zones, and who is who
"""

from __future__ import annotations
