"""What may be written in policies/*.yaml, entry by entry. An entry says nothing yet about others: see ``checks``.

- ``names``: how things are called; ``zones``, ``matches``, ``principals``, ``roles``, ``flows``: a module per section
- ``outline``: a whole file
"""

from __future__ import annotations
