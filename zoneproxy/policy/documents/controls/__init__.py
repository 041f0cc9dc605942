"""Controls: what is done to the records of a flow. A module for each kind; ``control`` lists them."""

from __future__ import annotations
