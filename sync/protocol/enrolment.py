"""Enrolment: a terminal that holds a one-time pairing code makes its key known, and learns which certificate authority to trust.

A pairing code is 12 letters and digits, typed or scanned ("XXXX-XXXX-XXXX"): the first four find it, the other eight are the secret. The
secret itself never crosses the line: both ends prove that they know it, over what they claim. So someone in the middle, whom the terminal
cannot tell from the service yet, learns nothing that helps him within the code's life, and cannot put in a key or a certificate of his own.

1. `GET /v1/enrolment`, the certificate not yet verified: `EnrolmentOffer` with the authority's certificate.
2. `POST /v1/enrolment`, verified against that certificate: `EnrolmentRequest`. Refused where the terminal saw another authority.
3. `EnrolmentAnswer`: the terminal checks `proof`, and pins the authority from now on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

from sync.protocol.wire import Answer, Digest, Name, Request, WallTime

# Crockford's base 32: no I, L, O, U; what is typed for them is understood.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED: Final = str.maketrans("ILO", "110", " -")
CODE_LENGTH: Final = 12
LOOKUP_LENGTH: Final = 4

PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]


class EnrolmentOffer(Answer):
    """Who this service says it is. Not proven yet."""

    ca_pem: str
    service_time: WallTime


class EnrolmentRequest(Request):
    """`public_key` is the raw Ed25519 key (32 bytes) in base64; `ca_sha256` the authority that the terminal was offered."""

    lookup: Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}$")]
    terminal_id: Name
    public_key: PublicKey
    ca_sha256: Digest
    proof: Digest


class EnrolmentAnswer(Answer):
    """The terminal is known from now on. Its `keyid` in signatures is `{terminal_id}/{key_id}`."""

    terminal_id: Name
    store_id: Name
    key_id: Name
    ca_pem: str
    proof: Digest
    receipt_url: str = ""  # https: address before a receipt's token; "" where the service shows receipts nowhere


class PairingCodeError(ValueError):
    """What was typed is no pairing code."""


def new_code() -> str:
    """A pairing code as it is shown: three groups of four; 40 bits are secret."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def split_code(typed: str) -> tuple[str, str]:
    """The lookup and the secret of what someone typed or scanned. Raises PairingCodeError."""
    letters = typed.upper().translate(_TYPED) if len(typed) <= 64 else ""
    if len(letters) != CODE_LENGTH or not set(letters) <= set(_ALPHABET):
        raise PairingCodeError(f"a pairing code has {CODE_LENGTH} letters and digits, as in XXXX-XXXX-XXXX")
    return letters[:LOOKUP_LENGTH], letters[LOOKUP_LENGTH:]


@lru_cache(maxsize=64)
def code_key(lookup: str, secret: str) -> bytes:
    """What proofs are made with: 32 bytes, slow to find from the outside (scrypt, 32 MB, some 0.1 s), for the secret is short."""
    return hashlib.scrypt(
        secret.encode(), salt=f"tern-pairing-1:{lookup}".encode(), n=2**15, r=8, p=1, maxmem=2**26, dklen=32
    )


def request_proof(key: bytes, lookup: str, terminal_id: str, public_key: str, ca_sha256: str) -> str:
    """`EnrolmentRequest.proof`."""
    return _proof(key, "tern-enrol-1", lookup, terminal_id, public_key, ca_sha256)


def answer_proof(key: bytes, terminal_id: str, store_id: str, key_id: str, ca_pem: str) -> str:
    """`EnrolmentAnswer.proof`."""
    return _proof(key, "tern-enrolled-1", terminal_id, store_id, key_id, ca_fingerprint(ca_pem))


def ca_fingerprint(ca_pem: str) -> str:
    """sha256 of the first certificate in `ca_pem` (its DER), as 64 hex digits. Raises ValueError."""
    body = ca_pem.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    if not body:
        raise ValueError("there is no certificate in it")
    return hashlib.sha256(base64.b64decode("".join(body.split()), validate=True)).hexdigest()


def key_id_of(public_key: bytes) -> str:
    """The id of a terminal's key: the first 16 hex digits of its sha256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def _proof(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()
