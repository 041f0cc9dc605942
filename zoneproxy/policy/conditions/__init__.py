"""Conditions on records, as row filters have them: ``$.region == "EU" and principal.name in $.readers[*]``.

    tree.py      what a condition is, as plain values
    words.py     a text as words
    parser.py    words → a tree, or what is wrong and where

The grammar is in ``parser``; what a tree says about a record, ``boundary/rules/conditions.py`` finds out.
"""
