"""Seeing through encodings: what a value says to whoever decodes it.

    scanner.py     a Scanner that looks at every other reading of a value as well
    views.py       all readings of a value, within a budget
    pieces.py      a reading: pieces of a text replaced by what they stand for, with the way back
    budget.py      how much may be decoded of one value

    runs.py        base64, base32, hexadecimal digits          wrapped.py   the line breaks in them
    shapes.py      how coded text is told from other text      base85.py    Ascii85 and RFC 1924
    packed.py      gzip, zlib, zip, bzip2, xz, zstd, lz4
    characters.py  escapes of JSON, C, URLs and HTML           lookalikes.py  characters that look like ASCII
    quoted.py      quoted-printable                            wide.py      UTF-16, UTF-32, EBCDIC
    spelled.py     numbers with anything between the digits    siblings.py  values split over neighbours in JSON

A decoder is a pattern that matches wherever it could find anything, and a function that says what pieces of a text
stand for. To add one: a module, and a line in ``views.sources``.
"""
