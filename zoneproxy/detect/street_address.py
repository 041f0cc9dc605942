"""Street addresses, as they are written in some countries. They count only next to a word: no check digit tells one.

A number and words that begin with capitals are anything; what makes a street of them is its kind (``Street``, ``Ave``,
``rue``, ``Straße``), which stands where a language puts it. The town is no part of it.
"""

from __future__ import annotations

from dataclasses import replace

from zoneproxy.detect.declared import keyed
from zoneproxy.detect.detector import Detector
from zoneproxy.detect.word_shapes import shape_of_words

_WORD = rb"(?:[A-Z]|[\xc3-\xc5][\x80-\xbf])[A-Za-z'.\-\x80-\xff]*"
_NUMBER = rb"[0-9]{1,5}[A-Za-z]?(?:[\-/][0-9]{1,5}[A-Za-z]?)?"
_ENGLISH = (
    b"Street St Avenue Ave Road Rd Boulevard Blvd Lane Ln Drive Dr Court Ct Place Pl Square Sq Terrace Ter Way Parkway "
    b"Pkwy Highway Hwy Circle Cir Trail Trl Close Crescent Cres Gardens Grove Mews Row Walk Alley Plaza Quay Wharf"
).split()
_GERMANIC = rb"stra(?:ss|\xc3\x9f)e|str\.|weg|platz|allee|gasse|ufer|damm|straat|laan|gatan|gata|vej|veien|vegen"
_OF = rb"(?:(?:de|du|des|del|della|dei|la|le|les|las|los|do|da|dos|l|d)[ '])*"

_BEFORE_THE_KIND = (  # 221B Baker Street, Apt. 4
    _NUMBER
    + rb",? (?:(?:[0-9]{1,3}(?:st|nd|rd|th)|"
    + _WORD
    + rb") ){1,5}(?:"
    + b"|".join(each for kind in _ENGLISH for each in (kind, kind.upper()))
    + rb")(?:(?:\.?,| ) ?(?:Apt|APT|Apartment|Suite|STE|Ste|Unit|UNIT|Floor|Flat)\b\.? ?#?[0-9A-Za-z\-]{1,6})?"
)
_BEHIND_THE_KIND = (  # 56 rue de la Boétie
    _NUMBER
    + rb"(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|bd|place|chemin|impasse|all\xc3\xa9e|quai|cours|route) "
    + _OF
    + _WORD
    + rb"(?: "
    + _WORD
    + rb"){0,4}"
)
_IN_ONE_WORD = (  # Augsburger Straße 36, Kerkstraat 12a
    rb"(?:"
    + _WORD
    + rb"[ \-]){0,3}(?:[A-Z][A-Za-z\x80-\xff]+(?:"
    + _GERMANIC
    + rb")|Stra(?:ss|\xc3\x9f)e|Str\.|Weg|Platz|Allee|Gasse) [0-9]{1,4}(?: ?[a-z])?(?:\-[0-9]{1,4})?"
)
_KIND_FIRST = (  # Calle Mayor 5, Rua João Pessoa 1636
    rb"(?:Calle|Avenida|Avda?\.|Plaza|Paseo|Camino|Via|Viale|Piazza|Corso|Largo|Rua|Travessa|ul\.|Ulica|Aleja) "
    + _OF
    + _WORD
    + rb"(?: (?:(?:de|del|della|da|do) )?"
    + _WORD
    + rb"){0,4},? (?:n\.? ?|n\xc2\xba ?)?[0-9]{1,5}[A-Za-z]?"
)

_IN_ALL_NAMES = frozenset({"address", "street"})
"""Stage 1 looks for these only, as each other word slows it down."""

STREET_ADDRESS: Detector = replace(
    keyed(
        "STREET_ADDRESS",
        b"|".join((_BEFORE_THE_KIND, _BEHIND_THE_KIND, _IN_ONE_WORD, _KIND_FIRST)),
        words="address, street, streetaddress, addressline, homeaddress, postaladdress, addressstreet",
        near=rb"[0-9][A-Za-z]?,? (?:[A-Za-z0-9]|[\xc3-\xc5])|[A-Za-z.\x80-\xff],? (?:n\.? ?|n\xc2\xba ?)?[0-9]",
        sure=0.7,
    ),
    shape=shape_of_words(_IN_ALL_NAMES),
)
