"""Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519, over a Content-Digest (RFC 9530). One narrow profile, both ends.

Covered are the method, the authority, the path, the query, the content's type, coding and digest where there is content, and every
`tern-` header that is sent. Parameters: created, expires, nonce, keyid (`{terminal_id}/{key_id}`), alg, tag. Times are by the service's
clock: a terminal whose clock is wrong learns the difference from the service's answers (problem CLOCK, `service_time`) and is never
refused for good.

The library http-message-signatures (3.0.0) was looked at: it takes the time from the machine's clock, so it can neither be simulated nor
tell an old request from a wrong clock; and the one profile used here is shorter than what would adapt it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.protocol.problems import ProblemType

LABEL: Final = "tern"
WINDOW_S: Final = (
    300  # how far `created` may be from the service's clock, and how long a nonce is remembered beyond that
)
_FIELDS: Final = ("content-type", "content-encoding", "content-digest")
_LONGEST_HEADER: Final = 2_000
_PARAMETERS = re.compile(
    r'^\((?P<covered>"[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)'
    r";created=(?P<created>[0-9]{1,12});expires=(?P<expires>[0-9]{1,12})"
    r';nonce="(?P<nonce>[A-Za-z0-9+/=_-]{16,64})";keyid="(?P<keyid>[A-Za-z0-9._:/-]{1,140})";alg="ed25519";tag="tern"$'
)
_SIGNATURE = re.compile(rf"^{LABEL}=:([A-Za-z0-9+/]{{86}}==):$")
_DIGEST = re.compile(r"^sha-256=:([A-Za-z0-9+/]{43}=):$")


@dataclass(frozen=True, slots=True)
class Parts:
    """A request as it stands on the line. `target` is path and query; header names in lower case; `body` as sent (compressed)."""

    method: str
    authority: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a request, and what makes it one of its kind until `expires_s` + WINDOW_S (seconds since 1970)."""

    terminal_id: str
    key_id: str
    created_s: int
    expires_s: int
    nonce: str


class SignatureError(Exception):
    """A request that is not what it says, with the problem to answer."""

    def __init__(self, problem: ProblemType, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


def sign(parts: Parts, key: Ed25519PrivateKey, *, keyid: str, created_s: int, nonce: str) -> dict[str, str]:
    """The headers to add to a request: content-digest (with a body), signature-input, signature. `nonce`: 16 or more random letters."""
    added = {"content-digest": content_digest(parts.body)} if parts.body else {}
    headers = {**parts.headers, **added}
    covered = " ".join(f'"{name}"' for name in _to_cover(headers))
    parameters = f'({covered});created={created_s};expires={created_s + WINDOW_S};nonce="{nonce}";keyid="{keyid}";alg="ed25519";tag="tern"'
    base = signature_base(parts, headers, _to_cover(headers), parameters)
    signature = base64.b64encode(key.sign(base)).decode()
    return {**added, "signature-input": f"{LABEL}={parameters}", "signature": f"{LABEL}=:{signature}:"}


def read(headers: Mapping[str, str]) -> Signed:
    """What a request's signature claims, nothing proven yet: whose key to look up. Raises SignatureError (UNSIGNED)."""
    found = _parsed(headers)
    terminal_id, slash, key_id = found["keyid"].rpartition("/")
    if not slash or not terminal_id or not key_id:
        raise SignatureError(ProblemType.UNSIGNED, "keyid is not terminal/key")
    return Signed(terminal_id, key_id, int(found["created"]), int(found["expires"]), found["nonce"])


def verify(parts: Parts, key: Ed25519PublicKey, *, now_s: float) -> Signed:
    """Prove a request against a terminal's key. The caller refuses a nonce that it has seen. Raises SignatureError."""
    signed = read(parts.headers)
    found = _parsed(parts.headers)
    covered = found["covered"].replace('"', "").split(" ")
    missing = set(_to_cover(parts.headers)) - set(covered)
    if missing or len(set(covered)) != len(covered):
        raise SignatureError(
            ProblemType.UNSIGNED, f"the signature does not cover {', '.join(sorted(missing)) or 'each part once'}"
        )
    given = _SIGNATURE.match(parts.headers.get("signature", ""))
    if given is None:
        raise SignatureError(ProblemType.UNSIGNED, f"the signature is not {LABEL}=:base64:")
    parameters = parts.headers["signature-input"].removeprefix(f"{LABEL}=")
    try:
        key.verify(base64.b64decode(given[1]), signature_base(parts, parts.headers, covered, parameters))
    except InvalidSignature:
        raise SignatureError(ProblemType.BAD_SIGNATURE, "the signature is not this key's over this request") from None
    _check_body(parts)
    _check_time(signed, now_s)
    return signed


def content_digest(body: bytes) -> str:
    """RFC 9530 Content-Digest of a body as it is sent."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(parts: Parts, headers: Mapping[str, str], covered: Iterable[str], parameters: str) -> bytes:
    """RFC 9421, 2.5: what is signed. Raises SignatureError for a component that this profile does not know or that is not there."""
    lines = [f'"{name}": {_component(name, parts, headers)}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("utf-8")


def _to_cover(headers: Mapping[str, str]) -> tuple[str, ...]:
    fields = [name for name in _FIELDS if name in headers]
    own = sorted(name for name in headers if name.startswith("tern-"))
    return ("@method", "@authority", "@path", "@query", *fields, *own)


_DERIVED: Final[dict[str, Callable[[Parts], str]]] = {
    "@method": lambda parts: parts.method.upper(),
    "@authority": lambda parts: parts.authority.lower(),
    "@path": lambda parts: parts.target.partition("?")[0] or "/",
    "@query": lambda parts: f"?{parts.target.partition('?')[2]}",
}


def _component(name: str, parts: Parts, headers: Mapping[str, str]) -> str:
    if name in _DERIVED:
        return _DERIVED[name](parts)
    if name.startswith("@") or name not in headers:
        raise SignatureError(ProblemType.UNSIGNED, f"the signature covers {name}, which is not there")
    return headers[name].strip()


def _parsed(headers: Mapping[str, str]) -> dict[str, str]:
    given = headers.get("signature-input", "")
    label, equals, parameters = given.partition("=")
    found = _PARAMETERS.match(parameters) if len(given) <= _LONGEST_HEADER else None
    if label != LABEL or not equals or found is None:
        raise SignatureError(
            ProblemType.UNSIGNED, f"signature-input is not there, or not of the form {LABEL}=(...);created=..."
        )
    return found.groupdict()


def _check_body(parts: Parts) -> None:
    given = parts.headers.get("content-digest")
    if given is None:
        if parts.body:
            raise SignatureError(ProblemType.UNSIGNED, "there is a body and no content-digest")
        return
    found = _DIGEST.match(given)
    try:
        digest = base64.b64decode(found[1]) if found else b""
    except binascii.Error:
        digest = b""
    if digest != hashlib.sha256(parts.body).digest():
        raise SignatureError(ProblemType.BAD_DIGEST, "the body is not the one that content-digest was made of")


def _check_time(signed: Signed, now_s: float) -> None:
    if (
        abs(signed.created_s - now_s) > WINDOW_S
        or not signed.created_s < signed.expires_s <= signed.created_s + WINDOW_S
    ):
        raise SignatureError(
            ProblemType.CLOCK, f"created is more than {WINDOW_S} s from the service's clock; sign by that clock instead"
        )
    if now_s > signed.expires_s:
        raise SignatureError(ProblemType.CLOCK, "the signature has expired; sign again")
