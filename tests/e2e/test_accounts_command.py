"""`kiosk central account`: which store keeps a copy of which account, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.configuration import PROJECT_ROOT
from sync.central.accounts.demo_file import read_accounts
from tests.e2e.command import kiosk, one_plain_line

LENA = read_accounts(PROJECT_ROOT / "assets" / "store" / "accounts.toml")[0]


def test_a_copy_is_enrolled_listed_and_withdrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("--accounts", "demo", "--store-id", "S1", "--data", tmp_path)
    monkeypatch.setenv("KIOSK_PIN", "0000")
    assert "do not belong together" in one_plain_line(kiosk("central", "account", "enrol", LENA.number, *asked))
    monkeypatch.setenv("KIOSK_PIN", LENA.pin)
    made = json.loads(kiosk("central", "account", "enrol", LENA.number, *asked, "--json").stdout)
    listed = json.loads(kiosk("central", "account", "list", "--data", tmp_path, "--json").stdout)
    assert listed == [{"store_id": "S1", "mark": made["mark"], "refreshed_ms": 0}]
    card = ("--by", "card", *asked)
    assert b"any more" in kiosk("central", "account", "withdraw", LENA.cards[0], *card).stdout
    assert "keeps no copy" in one_plain_line(kiosk("central", "account", "withdraw", LENA.cards[0], *card))
    assert (tmp_path / "accounts.key").stat().st_mode & 0o777 == 0o600


def test_what_is_missing_is_said_in_a_line(tmp_path: Path) -> None:
    at = ("--data", tmp_path)
    assert "--accounts demo" in one_plain_line(kiosk("central", "account", "unlock", LENA.number, *at))
    assert "MODULE:FUNCTION" in one_plain_line(kiosk("central", "serve", "--accounts", "no.such:core", "--no-tls", *at))
    known = ("--accounts", "demo", *at)
    assert "knows no account" in one_plain_line(kiosk("central", "account", "unlock", "1", *known))
    assert "--store-id" in one_plain_line(kiosk("central", "account", "enrol", LENA.number, *known))
    code = kiosk("central", "account", "code", LENA.number, *known).stdout.strip()
    assert len(code) == 6 and code.isdigit()
