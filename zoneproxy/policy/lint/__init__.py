"""What is allowed to be written and still looks wrong: the linter of policies.

- ``finding``: what a finding is, and the list of all codes; ``lint``: runs all rules
- ``survey``: what rules ask about a policy; ``allowances``: comments that say that something is meant so
- the rules, a module for each family: ``roles``, ``rules``, ``flows``, ``grants``,
  ``zones``, ``oracles``, ``secrets``
"""

from __future__ import annotations
