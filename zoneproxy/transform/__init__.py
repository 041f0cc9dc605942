"""Changing values without touching anything around them.

    json_tokens.py   JSON as tokens with their places; strict
    paths.py         `$.card.number`, `$.items[*].email`, `$..cvv`: which values a field rule means
    selectors.py     ... or a name wherever it stands, or a tag; places.py goes down a document by them
    making.py        what becomes of one value: a module for each family of changes, change.py is what they share
    fields.py        field rules applied to a JSON document: gone through (outline.py), or by its shape (shapes.py)
    leaf_fields.py   ... and to the leaves of any other document
    found.py         findings changed, in JSON tokens or in plain text
    splice.py        edits: spans and what takes their place

A document is never parsed and written again. Edits are spliced into its bytes, so all others stay as they are.
"""
