"""`kiosk central` as its people use it."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import urllib.request
from pathlib import Path

import pytest
from command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line


def central(data: Path, *arguments: str) -> str:
    done = kiosk("central", *arguments, "--data", data)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_service_is_seeded_lets_a_terminal_in_and_answers_over_tls(tmp_path: Path) -> None:
    assert json.loads(central(tmp_path, "seed", "--json"))["changes"]["prices"] > 300
    assert set(json.loads(central(tmp_path, "seed", "--json"))["changes"].values()) == {0}
    told = json.loads(central(tmp_path, "enrol", "T1", "--store-id", "S1", "--json"))
    assert (told["terminal_id"], told["store_id"], len(told["code"])) == ("T1", "S1", 14)
    assert "no terminal has enrolled" in central(tmp_path, "terminals")
    with subprocess.Popen(
        [*KIOSK, "central", "serve", "--port", "0", "--json", "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=PROJECT,
        env={**os.environ, **clean_environment()},
    ) as serving:
        try:
            assert serving.stdout is not None
            at = json.loads(serving.stdout.readline())
            context = ssl.create_default_context(cafile=at["ca"])
            with urllib.request.urlopen(f"{at['url']}/v1/enrolment", context=context, timeout=20) as reply:  # noqa: S310 - https
                assert json.load(reply)["ca_pem"] == Path(at["ca"]).read_text()
            with pytest.raises(OSError, match="certificate verify failed"):
                urllib.request.urlopen(f"{at['url']}/v1/health", timeout=20)  # noqa: S310 - https
        finally:
            serving.terminate()
            serving.communicate(timeout=30)
    assert serving.returncode in (0, -15)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "tls").glob("*.key")} == {0}


@pytest.mark.parametrize(
    "arguments",
    [
        ["enrol"],
        ["enrol", "T1", "T2"],
        ["enrol", "../x"],
        ["revoke", "T9"],
        ["rebuild", "T9"],
        ["terminals", "--db", "mysql://x/y"],
        ["terminals", "--db", "postgresql://127.0.0.1:1/none"],
        ["serve", "--port", "99999"],
        ["serve", "--host", "192.0.2.1"],
        ["seed", "--store", "/nowhere"],
        ["dance"],
    ],
)
def test_what_cannot_be_done_is_one_plain_line(tmp_path: Path, arguments: list[str]) -> None:
    one_plain_line(kiosk("central", *arguments, "--data", tmp_path))


@pytest.mark.parametrize(
    "content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", None]
)
def test_an_authority_that_is_none_is_refused_in_words(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    given = ("--ca", tmp_path / "ca.pem", "--port", "0", "--data", tmp_path)
    assert "is no certificate authority" in one_plain_line(kiosk("central", "serve", "--no-tls", *given))


def test_the_words_of_a_store_are_set_listed_and_given_back(tmp_path: Path) -> None:
    central(tmp_path, "content", "set", "attract.title", "en", "Fresh every day")
    central(tmp_path, "content", "set", "attract.title", "de", "Täglich frisch")
    found = json.loads(central(tmp_path, "content", "list", "--json"))
    assert found == {"attract.title": {"en": "Fresh every day", "de": "Täglich frisch"}}
    for wrong in ("x" * 29, "{name}"):
        done = kiosk("central", "content", "set", "attract.title", "en", wrong, "--data", tmp_path)
        assert "attract.title" in one_plain_line(done)
    central(tmp_path, "content", "end", "attract.title")
    assert json.loads(central(tmp_path, "content", "list", "--json")) == {}


def test_the_policy_of_a_store_is_set_listed_and_given_back(tmp_path: Path) -> None:
    central(tmp_path, "policy", "set", "limits.line_count", "7", "--store-id", "S1")
    assert json.loads(central(tmp_path, "policy", "list", "--store-id", "S1", "--json")) == {"limits.line_count": 7}
    central(tmp_path, "policy", "end", "limits.line_count", "--store-id", "S1")
    assert "nothing is set" in central(tmp_path, "policy", "list", "--store-id", "S1")
    for key, value in (("limits.line_count", "100000"), ("sync.url", "https://elsewhere.example")):
        done = kiosk("central", "policy", "set", key, value, "--data", tmp_path)
        assert key in one_plain_line(done)
