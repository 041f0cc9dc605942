"""XML 1.0, without document types.

document.py    elements, attributes and texts as leaves
grammar.py     tokens of a well-formed document, with their places
markup.py      what characters say in each place, and how they are written there
"""
