"""Journals into the central service: every acknowledged entry once, in order, under its own name; everything else seen and told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from service import AT, Service, Terminal, chained

from kiosk.domain.chain import canonical, genesis
from sync.protocol.journal import WireEntry


def held(service: Service) -> list[tuple[int, str]]:
    return service.rows("SELECT seq, hash FROM entry ORDER BY terminal_id, journal_id, seq")


def test_a_batch_is_acknowledged_with_its_head_and_kept_as_it_was(service: Service, terminal: Terminal) -> None:
    terminal.sell(3, name="Käse \ud83e\uddc0 \\ tab\t half \ud800")
    reply = terminal.send()
    assert reply.status == 200, reply.json
    assert (reply.json["seq"], reply.json["hash"], reply.json["new"]) == (3, terminal.entries[-1].hash, 3)
    page = terminal.get(f"/v1/journal/{terminal.journal_id}").json
    assert page["entries"] == [entry.model_dump(mode="json") for entry in terminal.entries]
    assert page["done"] is True


def test_the_same_again_is_acknowledged_and_kept_once(service: Service, terminal: Terminal) -> None:
    terminal.sell(5)
    assert terminal.send(terminal.entries[:3]).json["seq"] == 3
    again = terminal.send(terminal.entries[:3])
    assert (again.status, again.json["seq"], again.json["new"]) == (200, 3, 0)
    overlapping = terminal.send(terminal.entries[1:5])
    assert (overlapping.status, overlapping.json["seq"], overlapping.json["new"]) == (200, 5, 2)
    assert terminal.send(terminal.entries[:2]).json["seq"] == 5
    assert held(service) == [(entry.seq, entry.hash) for entry in terminal.entries]
    assert service.alerts() == []


def test_a_gap_is_told_with_what_to_send_first(service: Service, terminal: Terminal) -> None:
    terminal.sell(6)
    assert terminal.send(terminal.entries[:2]).status == 200
    gap = terminal.send(terminal.entries[4:])
    assert (gap.status, gap.problem, gap.json["expected_seq"]) == (409, "gap", 3)
    assert gap.json["held_hash"] == terminal.entries[1].hash
    assert service.count("entry") == 2
    assert terminal.send(terminal.entries[2:]).json["seq"] == 6


def test_a_journal_cannot_begin_in_the_middle(service: Service, terminal: Terminal) -> None:
    terminal.sell(3)
    gap = terminal.send(terminal.entries[2:])
    assert (gap.status, gap.problem, gap.json["expected_seq"]) == (409, "gap", 2)
    assert service.count("journal") == service.count("entry") == 0


def fork_of(terminal: Terminal, at: int, count: int) -> list[WireEntry]:
    """Other entries than the terminal sent, from `at` on, well chained."""
    prev, found = terminal.entries[at - 2].hash, []
    for seq in range(at, at + count):
        found.append(chained(terminal.journal_id, seq, prev, "sale.completed", f"other-{seq}", AT, "{}"))
        prev = found[-1].hash
    return found


def test_another_entry_under_a_known_number_is_a_fork_that_is_kept_and_told(
    service: Service, terminal: Terminal
) -> None:
    terminal.sell(5)
    assert terminal.send().status == 200
    other = fork_of(terminal, at=4, count=4)
    reply = terminal.send([*terminal.entries[:3], *other])
    assert (reply.status, reply.problem) == (409, "fork")
    assert (reply.json["seq"], reply.json["kept_through"]) == (4, 7)
    assert reply.json["held_hash"] == terminal.entries[3].hash
    assert service.rows("SELECT seq, hash FROM fork_entry ORDER BY seq") == [(entry.seq, entry.hash) for entry in other]
    assert held(service) == [(entry.seq, entry.hash) for entry in terminal.entries]
    assert service.alerts() == ["fork"]


def test_what_follows_a_fork_is_kept_beside_it_too(service: Service, terminal: Terminal) -> None:
    terminal.sell(3)
    assert terminal.send().status == 200
    other = fork_of(terminal, at=3, count=6)
    assert terminal.send(other[:2]).problem == "fork"
    after = terminal.send(other[2:])
    assert (after.problem, after.json["kept_through"]) == ("fork", 8)
    assert terminal.send(other[2:]).problem == "fork"
    assert service.count("fork_entry") == 6
    assert terminal.send(terminal.entries).status == 200


def test_a_fork_right_behind_the_head_is_seen(service: Service, terminal: Terminal) -> None:
    terminal.sell(3)
    assert terminal.send().status == 200
    other = fork_of(terminal, at=3, count=2)
    assert terminal.send(other[1:]).problem == "fork"
    assert service.count("entry") == 3


def test_a_restored_terminal_goes_on_under_a_new_journal(service: Service, terminal: Terminal) -> None:
    terminal.sell(5)
    assert terminal.send().status == 200
    old, terminal.journal_id = terminal.journal_id, "restored"
    terminal.entries = terminal.entries[:3]
    terminal.sell(4, after="the restore")
    reply = terminal.send(terminal.entries[3:])
    assert (reply.status, reply.json["seq"], reply.json["new"]) == (200, 7, 4)
    assert service.alerts() == ["new-journal"]
    heads = terminal.get("/v1/journal").json["journals"]
    assert {(head["journal_id"], head["first_seq"], head["seq"]) for head in heads} == {(old, 1, 5), ("restored", 4, 7)}
    assert service.rows("SELECT continues FROM journal WHERE journal_id = 'restored'") == [(old,)]


def test_a_new_journal_that_continues_what_was_never_sent_waits_for_it(service: Service, terminal: Terminal) -> None:
    terminal.sell(4)
    assert terminal.send(terminal.entries[:2]).status == 200
    old, terminal.journal_id = terminal.journal_id, "restored"
    terminal.sell(2)
    gap = terminal.send(terminal.entries[4:])
    assert (gap.problem, gap.json["expected_seq"]) == ("gap", 4)
    gap = terminal.send(terminal.entries[3:4], journal_id=old)
    assert (gap.problem, gap.json["expected_seq"]) == ("gap", 3)
    assert terminal.send(terminal.entries[2:4], journal_id=old).status == 200
    assert terminal.send(terminal.entries[4:]).status == 200
    assert service.count("entry") == 6


def test_books_begun_anew_are_seen_as_such(service: Service, terminal: Terminal) -> None:
    terminal.sell(2)
    assert terminal.send().status == 200
    terminal.journal_id, terminal.entries = "anew", []
    terminal.sell(1)
    assert terminal.send().status == 200
    assert service.alerts() == ["new-journal"]


def changed(entry: WireEntry, **values: Any) -> WireEntry:
    return WireEntry.model_validate({**entry.model_dump(), **values})


@pytest.mark.parametrize(
    "values",
    [
        {"hash": "0" * 64},
        {"body": '{"total_minor":1}'},
        {"at": AT.replace("21", "22", 1)},
        {"subject": "x"},
        {"prev": "1" * 64},
    ],
)
def test_an_entry_that_was_changed_is_refused_and_nothing_is_kept(
    service: Service, terminal: Terminal, values: dict[str, Any]
) -> None:
    terminal.sell(3)
    reply = terminal.send([terminal.entries[0], changed(terminal.entries[1], **values), terminal.entries[2]])
    assert (reply.status, reply.problem, reply.json["seq"]) == (422, "bad-chain", 2)
    assert service.count("entry") == service.count("journal") == 0


def test_a_body_that_is_no_json_object_is_refused(service: Service, terminal: Terminal) -> None:
    for body in ('{"a":1},"clock_ms":5}', '{"a":NaN}', '{"a":01}', "{", "{'a':1}", '{"a":1}{}', '{"a":-Infinity}'):
        entry = chained(terminal.journal_id, 1, genesis("T1", terminal.journal_id), "sale.completed", "S", AT, body)
        assert terminal.send([entry]).problem == "bad-chain", body
    deep = "[" * 5000 + "]" * 5000
    entry = chained(
        terminal.journal_id, 1, genesis("T1", terminal.journal_id), "sale.completed", "S", AT, f'{{"a":{deep}}}'
    )
    assert terminal.send([entry]).problem == "bad-chain"
    assert service.count("entry") == 0


def test_another_terminals_entries_are_refused_and_seen(service: Service, terminal: Terminal) -> None:
    other = Terminal(service, "T2").known()
    other.sell(2)
    terminal.entries = other.entries
    assert terminal.send(journal_id=other.journal_id).problem == "bad-chain"
    terminal.terminal_id = "T2"
    batch = json.dumps(
        {"terminal_id": "T2", "journal_id": other.journal_id, "entries": [other.entries[0].model_dump()]}
    )
    terminal.terminal_id = "T1"
    reply = terminal.post("/v1/journal", batch.encode())
    assert (reply.status, reply.problem) == (403, "other-terminal")
    assert service.count("entry") == 0


def test_entries_that_cannot_be_taken_in_are_set_aside_and_block_nothing(service: Service, terminal: Terminal) -> None:
    terminal.sell(5)
    assert terminal.send(terminal.entries[:2]).status == 200
    aside = {
        "journal_id": terminal.journal_id,
        "from_seq": 3,
        "to_seq": 4,
        "to_hash": terminal.entries[3].hash,
        "problem": "urn:tern:problem:bad-chain",
        "rows": ["as it was"],
    }
    assert terminal.post("/v1/quarantine", json.dumps({**aside, "from_seq": 4}).encode()).problem == "gap"
    reply = terminal.post("/v1/quarantine", json.dumps(aside).encode())
    assert (reply.status, reply.json["seq"]) == (200, 4)
    assert terminal.post("/v1/quarantine", json.dumps(aside).encode()).status == 200
    assert terminal.send(terminal.entries[4:]).json["seq"] == 5
    assert [seq for seq, _ in held(service)] == [1, 2, 5]
    assert service.alerts() == ["set-aside"]
    terminal.journal_id, kept = "restored", terminal.entries[:4]
    terminal.entries = kept
    terminal.sell(1)
    assert terminal.send(terminal.entries[4:]).status == 200


def test_a_money_fact_that_no_projection_knows_is_taken_in(service: Service, terminal: Terminal) -> None:
    terminal.write("bill.paid_in_advance", anything=True)
    terminal.write("sale.completed")
    assert terminal.send().json["seq"] == 2
    assert canonical({}) == terminal.entries[1].body
