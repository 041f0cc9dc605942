"""Why a policy answers as it does, and the least that would make it answer otherwise.

- ``explain``: question → explanation; the verdict is the snapshot's own, which the data path asks as well
- ``reasons``: the rules and flows behind a verdict; ``remedy``: what would have to change
- ``crossings``: what records would meet; ``notation``: rules, flows and controls as the YAML that would be written
"""

from __future__ import annotations
