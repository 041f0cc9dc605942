"""Why a policy answers as it does, and the least that would make it answer otherwise.

- ``explain``: question → explanation; the verdict is the snapshot's own, which the data path asks as well
- ``reasons``: what is behind a verdict, of ``by_rules`` (with ``holding``: how somebody came to a role) and
  ``by_flows``, each a ``reason``; ``remedy``: what would have to change
- ``crossings``: what records would meet; ``notation``: rules, flows and controls as the YAML that would be written
"""

from __future__ import annotations
