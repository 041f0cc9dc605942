"""Avro's binary encoding (https://avro.apache.org/docs/1.12.0/specification/), read with a schema.

walk.py        the value while it is read: its leaves, where they stand, and the lengths around them
scalars.py     types that say one thing
logical.py     numbers and bytes that stand for dates, times and decimals
composite.py   types made of others
schema.py      a schema's JSON to types
entries.py     entries of maps, removed
document.py    a value as a document
"""

from __future__ import annotations
