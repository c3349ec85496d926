"""`kiosk tour`: the scripted visit as a person starts it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.command import KIOSK, PROJECT, clean_environment, kiosk, one_plain_line
from tests.e2e.lane import OFFSCREEN


@pytest.mark.timeout(240)
def test_the_tour_leaves_pictures_receipts_and_a_summary_that_says_all_is_right(tmp_path: Path) -> None:
    there = tmp_path / "tour"
    played = subprocess.run(
        [*KIOSK, "tour", str(there)],
        cwd=PROJECT,
        env={**clean_environment(), **OFFSCREEN},
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stderr == ""
    summary = json.loads((there / "summary.json").read_text("utf-8"))
    assert summary["ok"] is True
    assert summary["failures"] == []
    assert summary["sales"] == summary["kinds"]["sale.completed"] >= 3
    assert summary["charged_minor"] > 0
    assert summary["delivered"]["sales"] == summary["sales"]
    assert summary["delivered"]["sold_minor"] == summary["sold_minor"]
    for picture in summary["pictures"]:
        with Image.open(there / picture["file"]) as seen:
            assert seen.size in ((1280, 800), (1080, 1920))
            assert len(seen.convert("RGB").getcolors(1 << 24) or ()) > 20, f"{picture['file']} shows nothing"
    for receipt in summary["receipts"]:
        assert (there / receipt).stat().st_size > 1_000
    assert len(summary["receipts"]) >= 1


def test_a_tour_needs_a_place_for_its_pictures() -> None:
    assert "kiosk tour DIR" in one_plain_line(kiosk("tour"))


def test_a_tour_to_a_place_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", "utf-8")
    assert "taken" in one_plain_line(kiosk("tour", taken, **OFFSCREEN))
