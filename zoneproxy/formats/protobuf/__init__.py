"""Protobuf's wire format (https://protobuf.dev/programming-guides/encoding/), read with a schema or without.

messages.py      what a schema says of messages and their fields
scalars.py       how numbers and texts are said and written
wire.py          fields, as everybody can tell them apart
guess.py         what an unknown field may say
walk.py          a value while it is read
document.py      a value as a document
tokens.py        the text of a .proto file, in pieces
options.py       tags among the options of a field, message or file
declarations.py  what a .proto file declares
schema.py        .proto files to messages
well_known.py    files that every compiler brings along
"""

from __future__ import annotations
