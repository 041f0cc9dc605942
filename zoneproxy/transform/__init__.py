"""Changing values without touching anything around them.

    json_tokens.py   JSON as tokens with their places; strict
    paths.py         `$.card.number`, `$.items[*].email`: which values a field rule means
    change.py        what becomes of one value: masked, hashed, removed
    fields.py        field rules applied to a JSON document
    found.py         findings changed, in JSON tokens or in plain text
    splice.py        edits: spans and what takes their place

A document is never parsed and written again. Edits are spliced into its bytes, so all others stay as they are.
"""
