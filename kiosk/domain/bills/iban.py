"""Account numbers by ISO 13616: check digits, and length and letters by country. The tests compare with python-stdnum."""

from __future__ import annotations

import re
from functools import lru_cache


def is_iban(text: str) -> bool:
    """Whether `text` (no gaps, capital letters) is an account number of a country in the register, with the right check digits."""
    shape = _shape(text[:2])
    return shape is not None and shape.fullmatch(text) is not None and has_check_digits(text)


def has_check_digits(text: str) -> bool:
    """ISO 7064 mod 97-10, as in IBAN and RF: four characters from the front to the end, letters as 10 to 35; the rest must be 1.

    Check digits so made lie between 02 and 98; 00, 01 and 99 would leave 1 as well, and nobody issues them.
    """
    number = "".join([_VALUE[letter] for letter in text[4:] + text[:4]])
    return int(number) % 97 == 1 and "02" <= text[2:4] <= "98"


@lru_cache(maxsize=128)
def _shape(country: str) -> re.Pattern[str] | None:
    layout = COUNTRIES.get(country)
    if layout is None:
        return None
    runs = re.findall(r"([0-9]+)([nac])", layout)
    return re.compile(country + "[0-9]{2}" + "".join(f"{_CLASS[kind]}{{{count}}}" for count, kind in runs))


_VALUE = {letter: str(value) for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_CLASS = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}

# What follows country and check digits: n digits, a letters, c either. SWIFT IBAN registry, release 101.
_REGISTER = (
    "AD 8n12c, AE 19n, AL 8n16c, AT 16n, AZ 4a20c, BA 16n, BE 12n, BG 4a6n8c, BH 4a14c, BI 23n, BR 23n1a1c, BY 4c4n16c, "
    "CH 5n12c, CR 18n, CY 8n16c, CZ 20n, DE 18n, DJ 23n, DK 14n, DO 4c20n, EE 16n, EG 25n, ES 20n, FI 14n, FK 2a12n, "
    "FO 14n, FR 10n11c2n, GB 4a14n, GE 2a16n, GI 4a15c, GL 14n, GR 7n16c, GT 24c, HN 4a20n, HR 17n, HU 24n, IE 4a14n, "
    "IL 19n, IQ 4a15n, IS 22n, IT 1a10n12c, JO 4a4n18c, KW 4a22c, KZ 3n13c, LB 4n20c, LC 4a24c, LI 5n12c, LT 16n, "
    "LU 3n13c, LV 4a13c, LY 21n, MC 10n11c2n, MD 20c, ME 18n, MK 3n10c2n, MN 16n, MR 23n, MT 4a5n18c, MU 4a19n3a, "
    "NI 4a20n, NL 4a10n, NO 11n, OM 3n16c, PK 4a16c, PL 24n, PS 4a21c, PT 21n, QA 4a21c, RO 4a16c, RS 18n, RU 14n15c, "
    "SA 2n18c, SC 4a20n3a, SD 14n, SE 20n, SI 15n, SK 20n, SM 1a10n12c, SO 19n, ST 21n, SV 4a20n, TL 19n, TN 20n, "
    "TR 6n16c, UA 6n19c, VA 18n, VG 4a16n, XK 16n, YE 4a4n18c"
)
COUNTRIES = dict(entry.split(" ") for entry in _REGISTER.split(", "))
