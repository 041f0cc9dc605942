"""Values as documents: what a reader of that format gets out of them, and how to change it without harm to the rest.

    document.py      what all formats have in common: leaves, limits, errors
    leaves.py        leaves as readers gather them, within the limits
    rendering.py     all leaves as one text for detectors, with the way back
    sniff.py         what a value is, if it is so without a doubt

    json.py, ndjson.py, csv_.py, form.py, xml/
    nested.py        JSON in the texts of any of them
    items.py         what msgpack.py and cbor.py have in common; numbers.py: numbers in plain decimal
    avro/, protobuf/, and what they need: schema.py, framing.py, registered.py...

A module for each format reads a value into a ``Document``. Nothing here knows of policies or detectors.
"""
