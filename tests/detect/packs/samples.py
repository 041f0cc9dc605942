"""Samples of every type: templates filled at random until the detector's validator agrees.

In a template ``#`` is a digit, ``A`` an upper-case letter, ``x`` a hexadecimal digit, ``w`` a letter of either case or
a digit; ``\\`` keeps the next character. Before a sample stands a word
that it may need.
"""

from __future__ import annotations

import base64
import random
import string
from functools import cache

from tests.detect import samples as core
from zoneproxy.detect.scanner import Scanner

_KINDS = {
    "#": string.digits,
    "A": string.ascii_uppercase,
    "x": "0123456789abcdef",
    "w": string.ascii_letters + string.digits,
}
_JWT = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
_PEM = "-----BEGIN %sPRIVATE" + " KEY-----"

TEMPLATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "PAYMENT_CARD": ("card", (core.CARD, core.AMEX)),
    "CARD_TRACK": ("track", (";4111111111111111=##01101##########?", r"%B4111111111111111^ROE/J\ANE^##01101###?")),
    "CVV": ("cvv", ("###", "####")),
    "CARD_EXPIRY": ("card expiry", ("12/2#", "01/203#", "10-3#")),
    "IBAN": ("iban", (core.IBAN,)),
    "SWIFT_BIC": ("swift", ("AAAADEAA", "AAAAGBA#XXX")),
    "ABA_ROUTING": ("routing", ("02#######", "26#######", "11##-####-#")),
    "BANK_ACCOUNT": ("account", ("########", "##########", "############", "####-######")),
    "CRYPTO_ADDRESS": ("wallet", (
        r"0\xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", r"bc1q\w508d6qej\xtdg4y5r3zarvary0c5\x\w7kv8f3t4",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    )),
    "US_SSN": ("ssn", (core.SSN, "219 09 ####", "2190#####", "219.09.####")),
    "US_ITIN": ("itin", ("9##-7#-####", "9## 8# ####")),
    "US_PASSPORT": ("passport", ("A########", "#########")),
    "US_DRIVER_LICENSE": ("driver license", ("A#######", "#######", r"\DL-A#####-##", "A###-####-####")),
    "TAX_ID": ("ein", ("##-#######",)),
    "CA_SIN": ("social insurance", ("4##-###-###", "5## ### ###", "6########")),
    "UK_NINO": ("nino", (r"\AB######\C", r"\AB ## ## ## \C", r"\AB-##-##-##-\C")),
    "DE_TAX_ID": ("steuer", ("8##########", "4# ### ### ###")),
    "DE_ID_CARD": ("ausweis", ("T#########", "L01X00T##7", "C########4")),
    "FR_NIR": ("nir", ("1850#78006084##", "2 85 0# 75 116 001 ##", "185072\\A00608###", "1 85 0# 2\\B 116 001 ##")),
    "ES_NIF": ("dni", ("########A", "X#######A", "########-A")),
    "IT_FISCAL_CODE": ("codice", (r"AAAAAA##\A##\H###A",)),
    "NL_BSN": ("bsn", ("#########", "########", "####.##.###")),
    "BE_NRN": ("nrn", ("85.07.30-033.28", "8#.07.3#-0##.##")),
    "PL_PESEL": ("pesel", ("4405140135#", "8#0514#####")),
    "SE_PERSONNUMMER": ("personnummer", ("811218-####", "19811218-####", "811278+####")),
    "FI_HETU": ("hetu", (r"131052-308\T", r"131052\A###A")),
    "DK_CPR": ("cpr", ("211062-####",)),
    "CH_AHV": ("ahv", ("756.####.####.##",)),
    "PT_NIF": ("nif", ("5########", "2## ### ###")),
    "NATIONAL_ID": ("national id", (r"\NID-#########", "########")),
    "PASSPORT": ("passport", ("AA#######", "A#A#####")),
    "EMAIL": ("mail", (core.EMAIL,)),
    "PHONE": ("phone", (
        "+49 151 ########", "+1 (212) 555-####", "(303) 867-####", "415-867-####", "030 ######", "0341 867####",
        "+447###86####", r"463-612-####\x036", "1 800 867 5###", "51 516 33 7#",
    )),
    "DATE_OF_BIRTH": ("birth date", ("19##-0#-1#", "1#/0#/19##", "19##0#1#", "0#.1#.19##", r"M\ay 1#, 19##")),
    "GPS_COORD": ("location", ("52.5####, 13.4####", "-33.####,151.####")),
    "VIN": ("vin", (r"1HG#M8263#\A######", "AAA##AA##AA######")),
    "BR_CPF": ("cpf", ("###.###.###-##",)),
    "BR_CNPJ": ("cnpj", ("11.222.333/0001-81", "##.###.###/0001-##")),
    "MX_CURP": ("curp", (r"AAAA85010#\HAAAAA0#",)),
    "IN_AADHAAR": ("aadhaar", ("4### #### ####", "5###########", "2###-####-####")),
    "IN_PAN": ("income tax", ("AAAPA####A",)),
    "AU_TFN": ("tfn", ("#########", "### ### ###", "###-###-###")),
    "KR_RRN": ("rrn", ("85010#-1######",)),
    "CN_RIC": ("identity card", ("11010519491231002X", "11010519#01231####")),
    "SG_NRIC": ("nric", (r"\S#######A", r"\T#######A", r"\F#######A")),
    "ZA_ID": ("id number", ("80010#5###08#", "80010# 5### 08#")),
    "STREET_ADDRESS": ("address", (r"## M\ain Street", r"### 5th Ave", "Hauptstraße ##", "# rue de la Paix")),
    "LICENSE_PLATE": ("license plate", ("AAA-####", "AA## AAA", "AAA ###", "#AAA###")),
    "MRN": ("mrn", ("#######", r"\MRN-#######", r"\H#######")),
    "HEALTH_INSURANCE_ID": ("member id", (r"\INS-#########", "A#########", "#########")),
    "NHS_NUMBER": ("nhs", ("943 476 ####", "9########0", "4#########")),
    "US_MBI": ("mbi", (r"1EG4-TE5-MK7#", r"1EG#TE#MK##")),
    "US_NPI": ("npi", ("1#########", "2#########")),
    "US_DEA": ("dea", (r"\B\C#######",)),
    "AU_MEDICARE": ("medicare", ("2#########", "3### ##### #")),
    "IP_ADDRESS": ("ip", (
        "8.8.#.1##", "2001:db8:#::1", "2001:0xx#:85x3:0000:0000:8x2e:0370:733#", "fe80::1xx#",
        "1::2", "2001:db8::",
    )),
    "MAC_ADDRESS": ("mac", ("xx:xx:xx:xx:xx:xx", "xx-xx-xx-xx-xx-xx")),
    "IMEI": ("imei", ("35#############", "35-######-######-#")),
    "IMSI": ("imsi", ("26201##########",)),
    "ICCID": ("iccid", ("89490200001#########", "8949020000#########")),
    "AWS_ACCESS_KEY": ("aws", (r"\AKI\AAAAAAAAAAAAAAAAA", r"\ASI\AAAAAAAAAAAAAAAAA")),
    "AWS_SECRET_KEY": ("aws secret", ("w" * 40, "w" * 20 + "/" + "w" * 19)),
    "VENDOR_TOKEN": ("token", (
        "ghp_" + "w" * 36, "glp\\at-" + "w" * 20, "AIz\\a" + "w" * 35,
        "npm_" + "w" * 36, "SG." + "w" * 22 + "." + "w" * 43,
        "SK" + "x" * 32, "\\xo\\xb-" + "#" * 12 + "-" + "w" * 24, "sk_" + "test_" + "w" * 24, "hvs." + "w" * 30,
    )),
    "JWT": ("bearer", (_JWT.replace("A", "\\A").replace("w", "\\w").replace("x", "\\x") + ".eyJzdWI." + "w" * 43,)),
    "PRIVATE_KEY": ("tls", (
        (_PEM % "RSA ").replace("A", "\\A") + "\n" + "w" * 64 + "\n-----END RS\\A PRIV\\ATE KEY-----",
        (_PEM % "").replace("A", "\\A") + "\n" + "w" * 64 + "\n",
    )),
    "URL_CREDENTIALS": ("dsn", ("postgres://\\app:" + "w" * 12 + "@db.example.net/m\\ain",)),
    "GENERIC_SECRET": ("the", (
        "p\\ass\\word=" + "w" * 12 + "#", 'clien\\t_secret: "' + "w" * 20 + '#"', "\\api-key=" + "w" * 20 + "#",
        "<P\\ass\\word>" + "w" * 12 + "#</P\\ass\\word>", "--p\\ass\\word " + "w" * 10 + "#",
    )),
}  # fmt: skip
_TRIES = 3000
_COUNT = 3  # samples of each template


def _fill(template: str, draw: random.Random) -> str:
    filled, kept = "", False
    for char in template:
        if char == "\\" and not kept:
            kept = True
            continue
        filled += char if kept or char not in _KINDS else draw.choice(_KINDS[char])
        kept = False
    return filled


@cache
def samples_of(type_: str) -> tuple[str, ...]:
    """Samples with a word before them, that are found at a confidence of at least 0.5."""
    draw = random.Random(type_)
    scanner = Scanner([type_])
    word, templates = TEMPLATES[type_]
    return tuple(_sample(scanner, word, template, draw) for template in templates for _ in range(_COUNT))


def _sample(scanner: Scanner, word: str, template: str, draw: random.Random) -> str:
    for _ in range(_TRIES):
        sample = f"{word} {_fill(template, draw)}"
        if any(finding.confidence >= 0.5 for finding in scanner.scan(sample.encode())):
            return sample
    raise AssertionError(f"nothing is found in {template}")
