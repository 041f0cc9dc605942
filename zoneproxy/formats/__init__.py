"""Values as documents: what a reader of that format gets out of them, and how to change it without harm to the rest.

    document.py      what all formats have in common: leaves, limits, errors

A module for each format reads a value into a ``Document``. Nothing here knows of policies or detectors.
"""
