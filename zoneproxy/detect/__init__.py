"""Finding sensitive data in bytes.

    catalogue.py     the detectors, the one list to add to; each stands in a module of its own
    detector.py      what a detector is: shape (stage 1), stretch and hits (stage 2), words, confidence
    scanner.py       the two stages: cheap candidates in a whole batch, then findings in one value
    context.py       field names and words near a hit, which make it more credible
    escapes.py       JSON escapes undone, with the way back to the original offsets
    check_digits.py  Luhn, mod 97
    patterns.py      google-re2, the linear-time engine that all patterns run on
    deep/            what a value says to whoever decodes it

A finding says what, where and how sure. It never holds what was found.
"""
