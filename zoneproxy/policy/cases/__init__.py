"""Tests of a policy, written by those who write the policy: who may do what, as it is meant to be.

- ``documents``: what may be written; ``read``: texts → cases, or every problem; ``judge``: a case and a policy →
  whether it holds; ``schema``: for editors
"""

from __future__ import annotations
