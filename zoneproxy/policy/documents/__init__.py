"""What may be written in policies/*.yaml, entry by entry. An entry says nothing yet about others: see ``checks``.

- ``names``: how things are called; a module for each section: ``zones``, ``matches``, ``principals``,
  ``identities``, ``groups``, ``roles``, ``grants``, ``flows``
- ``outline``: a whole file
"""

from __future__ import annotations
