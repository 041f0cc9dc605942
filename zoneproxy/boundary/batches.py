"""The records of one partition, treated as a plan says: pure functions for ``records.py`` and whoever else has batches.

plan.py             controls, compiled
treatment.py        the records of one batch under a plan
produce_batches.py  a produced batch goes on as it came, rewritten, or not at all
fetch_batches.py    fetched batches go on as they came, rewritten, without some records, or emptied
trial.py            what is only tried out: told, and not done
"""

from __future__ import annotations

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.fetch_batches import treat_fetch
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.produce_batches import treat_produce

__all__ = ["BatchResult", "ControlPlan", "treat_fetch", "treat_produce"]
