"""The wire types and the signed requests, without a network."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from kiosk.domain.chain import canonical, digest, genesis
from kiosk.domain.facts import Entry, Fact, Kind
from sync import signing
from sync.protocol.enrolment import PairingCodeError, new_code, split_code
from sync.protocol.feed_rows import ItemRow, feed_row
from sync.protocol.feeds import rows_checksum
from sync.protocol.journal import JournalBatch, WireEntry
from sync.protocol.problems import ProblemType
from sync.protocol.wire import NotGzipError, TooLargeError, packed, unpacked

NOW_S = 1_800_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NONCE = "0123456789abcdef"


def test_the_example_of_the_standard_is_signed_as_printed_there() -> None:
    # RFC 9421, B.2.6, with the key of B.1.4.
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="))
    headers = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    }
    parts = signing.Parts("POST", "example.com", "/foo?param=Value&Pet=dog", headers)
    covered = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    parameters = "(" + " ".join(f'"{name}"' for name in covered) + ');created=1618884473;keyid="test-key-ed25519"'
    base = signing.signature_base(parts, headers, covered, parameters)
    key.verify(
        base64.b64decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="),
        base,
    )


def signed(body: bytes = b"{}", created_s: int = NOW_S, **headers: str) -> signing.Parts:
    given = {"content-type": "application/json", "tern-protocol": "1", **headers}
    parts = signing.Parts("POST", "central:8443", "/v1/journal?x=1", given, body)
    added = signing.sign(parts, KEY, keyid="T1/abc", created_s=created_s, nonce=NONCE)
    return signing.Parts(parts.method, parts.authority, parts.target, {**given, **added}, body)


def changed(parts: signing.Parts, **values: Any) -> signing.Parts:
    kept = {name: getattr(parts, name) for name in ("method", "authority", "target", "headers", "body")}
    return signing.Parts(**{**kept, **values})


def refusal(parts: signing.Parts, now_s: float = NOW_S) -> ProblemType:
    with pytest.raises(signing.SignatureError) as refused:
        signing.verify(parts, KEY.public_key(), now_s=now_s)
    return refused.value.problem


def test_a_signed_request_tells_who_sent_it() -> None:
    found = signing.verify(signed(), KEY.public_key(), now_s=NOW_S + 10)
    assert (found.terminal_id, found.key_id, found.nonce) == ("T1", "abc", NONCE)


def test_nothing_of_a_signed_request_can_be_changed_on_the_way() -> None:
    parts = signed()
    bad = ProblemType.BAD_SIGNATURE
    assert refusal(changed(parts, method="PUT")) is bad
    assert refusal(changed(parts, target="/v1/journal?x=2")) is bad
    assert refusal(changed(parts, target="/v1/other?x=1")) is bad
    assert refusal(changed(parts, authority="elsewhere")) is bad
    assert refusal(changed(parts, headers={**parts.headers, "tern-protocol": "2"})) is bad
    assert refusal(changed(parts, headers={**parts.headers, "content-type": "text/plain"})) is bad
    assert refusal(changed(parts, body=b"{ }")) is ProblemType.BAD_DIGEST


def test_what_the_signature_leaves_out_is_refused() -> None:
    parts = signed()
    assert refusal(changed(parts, headers={**parts.headers, "tern-class": "live"})) is ProblemType.UNSIGNED
    assert refusal(changed(parts, headers={**parts.headers, "content-encoding": "gzip"})) is ProblemType.UNSIGNED
    bare = {name: value for name, value in parts.headers.items() if name != "content-digest"}
    assert refusal(changed(parts, headers=bare)) is ProblemType.UNSIGNED
    for name in ("signature", "signature-input"):
        assert refusal(changed(parts, headers={**parts.headers, name: ""})) is ProblemType.UNSIGNED


def test_another_terminals_key_signs_for_nobody_else() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    with pytest.raises(signing.SignatureError) as refused:
        signing.verify(signed(), other, now_s=NOW_S)
    assert refused.value.problem is ProblemType.BAD_SIGNATURE


@pytest.mark.parametrize("seconds", [-signing.WINDOW_S - 1, signing.WINDOW_S + 1, 86_400, -86_400])
def test_a_request_from_another_time_is_told_so(seconds: int) -> None:
    assert refusal(signed(created_s=NOW_S + seconds)) is ProblemType.CLOCK


def entry(seq: int = 1, prev: str | None = None, **body: Any) -> Entry:
    fact = Fact(
        Kind.SALE_COMPLETED, "S1", {"total_minor": 199, "name": "Käse \ud800", **body}, "2026-11-21T10:00:00+01:00", 5
    )
    before = prev or genesis("T1", "J1")
    hash_ = digest(
        before,
        journal_id="J1",
        seq=seq,
        kind=fact.kind,
        subject="S1",
        body=canonical(fact.body),
        at=fact.at,
        clock_ms=5,
    )
    return Entry("J1", seq, fact, before, hash_)


def test_an_entry_keeps_its_hash_across_the_wire() -> None:
    batch = JournalBatch(terminal_id="T1", journal_id="J1", entries=(WireEntry.of(entry()),))
    again = JournalBatch.model_validate_json(unpacked(packed(batch.model_dump_json().encode())))
    assert again == batch
    assert again.entries[0].true_hash("J1") == again.entries[0].hash == entry().digest


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 0},
        {"seq": "1"},
        {"seq": 1.5},
        {"body": {}},
        {"hash": None},
        {"more": 1},
    ],
)
def test_an_entry_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    good = WireEntry.of(entry()).model_dump(mode="json")
    with pytest.raises(ValidationError):
        WireEntry.model_validate_json(json.dumps({**good, **wrong}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "[]"},
        {"body": "{}\n"},
        {"body": '{"a":"é"}'},
        {"subject": "a\nb"},
        {"subject": "a" * 257},
        {"hash": "00"},
        {"prev": "X" * 64},
        {"kind": "Sale"},
        {"kind": "a." + "b" * 63},
        {"at": "today"},
        {"at": "2026-11-21T10:00:00\n"},
    ],
)
def test_a_field_that_is_not_of_its_form_is_named(wrong: dict[str, str]) -> None:
    good = WireEntry.of(entry())
    assert good.malformed is None
    assert WireEntry.model_validate({**good.model_dump(), **wrong}).malformed == next(iter(wrong))


def test_a_small_body_that_unpacks_to_gigabytes_is_refused_early() -> None:
    with pytest.raises(TooLargeError):
        unpacked(gzip.compress(bytes(50_000_000)), most_bytes=1_000_000)


def test_a_cut_or_prolonged_gzip_is_refused() -> None:
    good = packed(b"{}" * 100)
    assert unpacked(good) == b"{}" * 100
    for wrong in (b"", b"{}", good[:-1], good[:12], good + b"x", good + good):
        with pytest.raises(NotGzipError):
            unpacked(wrong)


def test_a_feed_page_that_lost_or_swapped_rows_has_another_checksum() -> None:
    names = {"en": "Milk"}
    rows = [feed_row(ItemRow(number=n, names=names, category="dairy", unit="piece", tax="reduced")) for n in (1, 2)]
    whole = rows_checksum("S", "catalogue", "E", after=0, cursor=2, rows=rows)
    others = [
        rows_checksum("S", "catalogue", "E", after=0, cursor=2, rows=rows[:1]),
        rows_checksum("S", "catalogue", "E", after=0, cursor=2, rows=rows[::-1]),
        rows_checksum("S2", "catalogue", "E", after=0, cursor=2, rows=rows),
        rows_checksum("S", "catalogue", "E", after=1, cursor=2, rows=rows),
    ]
    assert whole not in others


def test_a_pairing_code_is_understood_as_people_type_it() -> None:
    lookup, secret = split_code(new_code())
    assert (len(lookup), len(secret)) == (4, 8)
    assert split_code("abcd-01ol-23XY") == split_code("ABCD 0101 23XY")
    for wrong in ("", "ABCD", "ABCD-0101-23X!", "U" * 12, "A" * 1_000_000):
        with pytest.raises(PairingCodeError):
            split_code(wrong)
