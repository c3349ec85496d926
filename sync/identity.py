"""Who this terminal is to the central service: its key pair, which never leaves, and the authority it was told to trust.

Both stand beside the books: `terminal.key` (0600) and `enrolment.json`. The key is made before the service is asked, so that an enrolment
whose answer was lost is asked for again under the same key.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import BaseModel, ConfigDict, ValidationError

from sync.exchange import Exchange, LineError, Reply
from sync.protocol.enrolment import (
    EnrolmentAnswer,
    EnrolmentOffer,
    EnrolmentRequest,
    answer_proof,
    ca_fingerprint,
    code_key,
    key_id_of,
    request_proof,
    split_code,
)
from sync.protocol.problems import Problem
from sync.protocol.wire import PROTOCOL_HEADER, VERSION, Name

KEY_NAME: Final = "terminal.key"
ENROLMENT_NAME: Final = "enrolment.json"
_WITHIN_S: Final = 15.0
_ADDRESS: Final = re.compile(
    r"https://[A-Za-z0-9.\-\[\]:]{1,120}(/[A-Za-z0-9._~/-]{0,60})?"
)  # shoppers' telephones open it

M = TypeVar("M", bound=BaseModel)


class IdentityError(Exception):
    """This terminal's key or enrolment cannot be used; the message says what to do."""


class EnrolmentError(Exception):
    """The terminal was not enrolled; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An enrolled terminal. `url` is the service's address, `ca_pem` the only authority it is trusted by ("" for plain http: on this
    machine), `receipt_url` where shoppers see receipts ("" for nowhere)."""

    url: str
    terminal_id: str
    store_id: str
    key_id: str
    ca_pem: str
    key: Ed25519PrivateKey = field(repr=False)
    receipt_url: str = ""

    @property
    def keyid(self) -> str:
        """How signatures name the key."""
        return f"{self.terminal_id}/{self.key_id}"


class _Kept(BaseModel):
    """`enrolment.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    url: str
    terminal_id: Name
    store_id: Name
    key_id: Name
    ca_pem: str
    receipt_url: str = ""


def load_identity(directory: Path) -> Identity | None:
    """Who the terminal with its books in `directory` is; None where it was never enrolled. Raises IdentityError."""
    path = directory / ENROLMENT_NAME
    try:
        kept = _Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise IdentityError(f"{path} cannot be read ({error}); enrol this terminal again") from error
    key = _load_key(directory / KEY_NAME)
    if key_id_of(_public(key)) != kept.key_id:
        raise IdentityError(f"{directory / KEY_NAME} is not the key that was enrolled; enrol this terminal again")
    return Identity(kept.url, kept.terminal_id, kept.store_id, kept.key_id, kept.ca_pem, key, kept.receipt_url)


def enrol(directory: Path, url: str, typed_code: str, terminal_id: str) -> Identity:
    """Make this terminal known to the service at `url` with a one-time pairing code, and keep who it is in `directory`.

    Raises EnrolmentError, IdentityError, PairingCodeError, ValueError for a wrong address.
    """
    lookup, secret = split_code(typed_code)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = _load_or_make_key(directory / KEY_NAME)
    ca_pem = _asked(Exchange(url, None), EnrolmentOffer, "GET", b"").ca_pem
    proof_key = code_key(lookup, secret)
    public = base64.b64encode(_public(key)).decode()
    seen = _fingerprint(ca_pem)
    request = EnrolmentRequest(
        lookup=lookup,
        terminal_id=terminal_id,
        public_key=public,
        ca_sha256=seen,
        proof=request_proof(proof_key, lookup, terminal_id, public, seen),
    )
    answer = _asked(Exchange(url, ca_pem), EnrolmentAnswer, "POST", request.model_dump_json().encode())
    expected = answer_proof(proof_key, answer.terminal_id, answer.store_id, answer.key_id, answer.ca_pem)
    if not hmac.compare_digest(expected, answer.proof) or _fingerprint(answer.ca_pem) != seen:
        raise EnrolmentError(
            f"{url} does not know the pairing code: it is not the service; check the address, and tell the office"
        )
    if answer.terminal_id != terminal_id or answer.key_id != key_id_of(_public(key)):
        raise EnrolmentError(
            f"{url} enrolled terminal {answer.terminal_id} instead of {terminal_id}; ask for a new code"
        )
    kept = _Kept(
        url=url,
        terminal_id=terminal_id,
        store_id=answer.store_id,
        key_id=answer.key_id,
        ca_pem=answer.ca_pem,
        receipt_url=answer.receipt_url if _ADDRESS.fullmatch(answer.receipt_url) else "",
    )
    _write(directory / ENROLMENT_NAME, json.dumps(kept.model_dump(), indent=1).encode() + b"\n")
    return Identity(url, terminal_id, answer.store_id, answer.key_id, answer.ca_pem, key, kept.receipt_url)


def _asked(exchange: Exchange, answer: type[M], method: str, body: bytes) -> M:
    headers = {PROTOCOL_HEADER: str(VERSION)} | ({"content-type": "application/json"} if body else {})
    try:
        reply = exchange.send(method, "/v1/enrolment", headers, body, within_s=_WITHIN_S)
    except LineError as error:
        raise EnrolmentError(f"{error}; check the address and the line, then try the same code again") from error
    finally:
        exchange.close()
    if reply.status != 200:
        raise EnrolmentError(_refusal(reply, exchange.authority))
    try:
        return answer.model_validate_json(reply.body)
    except ValidationError as error:
        raise EnrolmentError(f"{exchange.authority} is no central service; check the address") from error


def _refusal(reply: Reply, authority: str) -> str:
    try:
        problem = Problem.model_validate_json(reply.body)
    except ValidationError:
        return f"{authority} answered with status {reply.status}; check the address"
    return f"{authority} refused: {problem.detail or problem.title}"


def _fingerprint(ca_pem: str) -> str:
    try:
        return ca_fingerprint(ca_pem)
    except ValueError as error:
        raise EnrolmentError(f"the service showed no certificate authority ({error})") from error


# --- the key


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _load_or_make_key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(path, made)
    return _load_key(path)


def _load_key(path: Path) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & 0o077:
            mode = stat.S_IMODE(path.stat().st_mode)
            raise IdentityError(f"the key file {path} is open to other users (mode {mode:04o}); run: chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise IdentityError(f"the key file {path} cannot be read ({error}); remove it and enrol again") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise IdentityError(f"the key file {path} is no Ed25519 key; remove it and enrol this terminal again")
    return key


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it, for the terminal's user alone, also after a power cut."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
