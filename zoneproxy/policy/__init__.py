"""policies/*.yaml → one immutable PolicySnapshot that says who is who and who may do what.

- ``documents``: what may be written, section by section; ``notation``: patterns, operations and globs in YAML
- ``load``: texts → snapshot, or every problem; ``merge`` joins the files, ``checks`` follows references
- ``snapshot``: the answers; made of ``identities`` (who), ``acl`` (what, as Kafka's StandardAuthorizer), ``flows``
  (across which boundary, with which controls)
- ``references``: policy against zoneproxy.yaml
- for those who operate policies: ``lint``, ``explain``, ``cases``, ``difference``
"""

from __future__ import annotations
