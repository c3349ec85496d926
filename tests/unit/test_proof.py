"""A batch is proven all at once, and entry by entry only where that fails: both must say the same of every batch."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk.domain.chain import digest, genesis
from sync.central.batches import _are_objects, _is_an_object, _is_proven, read_batch
from sync.central.errors import Refusal
from sync.protocol.journal import JournalBatch, WireEntry, are_well_formed

AT = "2026-11-21T10:00:00.000+01:00"
FITTING: dict[str, Any] = {
    "seq": 1,
    "at": AT,
    "clock_ms": -5,
    "kind": "sale.completed",
    "subject": 'half "ä"',
    "body": '{"a":1}',
    "prev": "0" * 64,
    "hash": "f" * 64,
}


def entry(**values: Any) -> WireEntry:
    return WireEntry(**{**FITTING, **values})


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"at": ""},
        {"at": f"{AT}\n"},
        {"at": AT.replace("T", " ")},
        {"kind": "sale"},
        {"kind": "sale.completed\n"},
        {"kind": f"a.{'b' * 62}"},
        {"kind": f"a.{'b' * 63}"},
        {"kind": ""},
        {"subject": ""},
        {"subject": "x" * 256},
        {"subject": "x" * 257},
        {"subject": "tab\t"},
        {"subject": "line\nfeed"},
        {"subject": "\x7f"},
        {"body": ""},
        {"body": "[]"},
        {"body": '{"a":"ä"}'},
        {"body": '{"a":"\x7f"}'},
        {"body": '{"a":\n1}'},
        {"prev": "0" * 63},
        {"prev": "0" * 65},
        {"prev": "G" * 64},
        {"hash": ""},
        {"hash": "F" * 64},
        # What is one field's is not another's, wherever the one before it ends.
        {"kind": f"sale.completed\n{'0' * 64}", "prev": ""},
        {"hash": "f" * 64 + "\nx", "subject": ""},
    ],
)
def test_the_form_of_all_entries_is_that_of_each(values: dict[str, Any]) -> None:
    last = entry(**values)
    assert are_well_formed([entry(), last]) == (last.malformed is None)


@pytest.mark.parametrize(
    "body",
    [
        '{"a":1}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":-Infinity}',
        '{"a":"NaN"}',
        '{"a":01}',
        '{"a":1}{}',
        '{"a":1},{}',
        "{",
        "[1]",
        '{"a":1,"a":2}',
        '{"a":"\\ud800"}',
        '{"a":' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
def test_what_is_proven_at_once_holds_of_each_body(body: str) -> None:
    if _are_objects(['{"b":2}', body, "{}"]):
        assert _is_an_object(body)
    assert not _are_objects(['{"a":1', '"b":2},{}'])


def batch_of(bodies: list[str], **wrong: Any) -> bytes:
    prev, entries = genesis("T1", "J1"), []
    for seq, body in enumerate(bodies, start=1):
        fields = {"kind": "sale.completed", "subject": f'"{seq}', "body": body, "at": AT, "clock_ms": seq}
        hash_ = digest(prev, journal_id="J1", seq=seq, **fields)  # type: ignore[arg-type]
        entries.append({"seq": seq, **fields, "prev": prev, "hash": hash_, **(wrong if seq == 2 else {})})
        prev = hash_
    return json.dumps({"terminal_id": "T1", "journal_id": "J1", "entries": entries}).encode()


def test_a_whole_batch_is_proven_at_once() -> None:
    assert _is_proven(JournalBatch.model_validate_json(batch_of(['{"a":"\\u00e4"}'] * 5)))


def test_half_a_surrogate_pair_takes_the_slow_way_and_is_taken() -> None:
    content = batch_of(['{"a":1}', '{"a":"\\ud800 NaN"}', '{"a":3}'])
    assert not _is_proven(JournalBatch.model_validate_json(content))
    assert len(read_batch(content, "T1").entries) == 3


@pytest.mark.parametrize(
    "wrong",
    [{"seq": 3}, {"clock_ms": 9}, {"prev": "0" * 64}, {"hash": "0" * 64}, {"subject": "x"}, {"body": '{"a":7}'}],
)
def test_what_was_changed_on_the_way_is_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        read_batch(batch_of(['{"a":1}'] * 3, **wrong), "T1")
    assert refused.value.problem.seq in (2, 3)
