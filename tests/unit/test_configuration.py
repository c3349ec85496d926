"""What the person who writes a configuration notices."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from kiosk.configuration import (
    DEFAULT_FILE,
    PROJECT_ROOT,
    Configuration,
    ConfigurationError,
    DeviceSettings,
    data_directory,
    load,
    load_or_last_good,
)
from kiosk.configuration.rules import price_rules, scan_rules
from kiosk.configuration.toml_lines import key_lines
from kiosk.domain.money import RoundingMode
from kiosk.domain.resolver import resolve
from kiosk.domain.scan import CouponCode, Scan, Unknown


def refused(path: Path | None, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        load(path, environment=environment or {})
    return str(error.value).splitlines()


def site(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_is_complete_and_valid() -> None:
    configuration = load(environment={})
    assert configuration.site.tax == {"standard": 1900, "reduced": 700, "zero": 0}
    assert configuration.limits.line_count == 99
    assert configuration.timeouts.countdown_s >= 20
    assert configuration.devices.printer.is_virtual
    assert not configuration.devices.scale.is_virtual


def test_every_key_of_the_shipped_file_is_explained() -> None:
    lines = DEFAULT_FILE.read_text("utf-8").splitlines()
    # Alike in meaning to the line above them, which explains the group.
    alike = {
        "standard",
        "reduced",
        "zero",
        "driver",
        "transport",
        "settings",
        "line",
        "card",
        "paper",
        "ink",
        "ink_soft",
    }
    alike |= {"success", "savings", "warning", "error", "height", "self-checkout", "shop", "bank", "both"} | {
        key for key in _keys(lines) if key.endswith("_prefixes")
    }
    bare = [
        line
        for number, line in enumerate(lines)
        if "=" in line
        and not line.startswith("#")
        and "  # " not in line
        and "] #" not in line
        and " # " not in line
        and not lines[number - 1].startswith("#")
        and line.split("=")[0].strip() not in alike
    ]
    assert bare == []


def _keys(lines: list[str]) -> set[str]:
    return {line.split("=")[0].strip() for line in lines if "=" in line}


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    path = site(tmp_path, '[terminal]\nid = "lane-7"\n[timeouts]\nidle_s = 90\n')
    environment = {
        "KIOSK__TIMEOUTS__IDLE_S": "45",
        "KIOSK__TERMINAL__STORE": "0042",
        "KIOSK__SITE__LANGUAGES": '["de"]',
        "KIOSK__PANEL__FULLSCREEN": "true",
        "KIOSK__SITE__ROUNDING__MODE": "half-even",
        "KIOSK__DEVICES__PRINTER__SETTINGS__COLUMNS": "48",
        "KIOSK_OTHER": "not ours",
    }
    configuration = load(path, environment=environment)
    assert (configuration.terminal.id, configuration.terminal.store) == ("lane-7", "0042")
    assert configuration.timeouts.idle_s == 45
    assert configuration.site.languages == ("de",)
    assert configuration.panel.fullscreen is True
    assert configuration.site.rounding.mode == "half-even"
    assert configuration.devices.printer.settings == {"columns": 48}
    assert configuration.timeouts.countdown_s == 20


def test_everything_that_is_wrong_is_named_at_once_with_file_and_line(tmp_path: Path) -> None:
    path = site(
        tmp_path,
        "\n".join(
            [
                "[site]",
                'currency = "eur"',
                'langages = ["en"]',
                'time_zone = "Mars/Olympus"',
                "[site.tax]",
                'standard = "19"',
                "[site.scan]",
                "restricted = [",
                '  "28IIIIIPPPPPC",',
                '  "29IIIII",',
                "]",
                "[devices.printer]",
                'transport = "wifi:x"',
                "[theme]",
                'ink = "#EEEEEE"',
                "[timeouts]",
                "countdown_s = 5  # too short",
            ]
        ),
    )
    problems = refused(path, {"KIOSK__LIMITS__LINE_COUNT": "100", "KIOSK__FOO": "1"})
    expected = [
        (f"{path}:2: site.currency ", 'such as "EUR"; found "eur"'),
        (f"{path}:3: site.langages ", "did you mean languages?"),
        (f"{path}:4: site.time_zone ", "IANA"),
        (f"{path}:6: site.tax.standard ", 'must be a whole number; found "19"'),
        (f"{path}:10: site.scan.restricted[1] ", "one such as 28IIIIIPPPPPC"),
        (f"{path}:13: devices.printer.transport ", "tcp:HOST:PORT"),
        (f"{path}:15: theme.ink ", "4.5 to 1"),
        (f"{path}:17: timeouts.countdown_s ", "must be 20 or more; found 5"),
        ("KIOSK__FOO: foo ", "allowed here: terminal, profiles, site"),
        ("KIOSK__LIMITS__LINE_COUNT: limits.line_count ", "99 or less"),
    ]
    assert len(problems) == len(expected)
    for line, (start, part) in zip(sorted(problems), sorted(expected), strict=True):
        assert line.startswith(start), line
        assert part in line


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[site]\nname = \n", ":2: is not TOML"),
        (b"[site]\nname = 'a'\nname = 'b'\n", ":3: is not TOML"),
        (b"[site]\nname = '\xff'\n", ":2: is not UTF-8"),
        (b"a = " + b"[" * 5000, "is n"),
        (b"#" * 1_000_001, "is larger than"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(content)
    (problem,) = refused(path)
    assert problem.startswith(str(path))
    assert expected in problem


def test_a_missing_file_is_one_plain_line(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path / "none.toml")
    assert "cannot be read: no such file" in problem


def test_a_driver_that_nobody_knows_is_refused_with_the_line_it_stands_on(tmp_path: Path) -> None:
    def check(kind: str, device: DeviceSettings) -> list[tuple[str, str]]:
        wrong = device.driver != "escpos"
        return [("driver", "must be escpos")] if kind == "printer" and wrong else []

    path = site(tmp_path, '[devices.printer]\ntransport = "tcp:a:1"\ndriver = "star"\n')
    with pytest.raises(ConfigurationError) as error:
        load(path, environment={}, check_device=check)
    assert str(error.value) == f"{path}:3: devices.printer.driver must be escpos"


def test_the_terminal_goes_on_with_the_last_good_configuration(tmp_path: Path) -> None:
    keep = tmp_path / "data"
    path = site(tmp_path, '[terminal]\nid = "lane-7"\n')
    good = load_or_last_good(path, keep, environment={"KIOSK__DEVICES__PRINTER__TRANSPORT": "tcp:10.0.0.9:9100"})
    assert good.problems == ()

    path.write_text('[terminal]\nid = "lane 7!"\n', encoding="utf-8")
    kept = load_or_last_good(path, keep, environment={"KIOSK__TIMEOUTS__IDLE_S": "45"})
    assert (kept.configuration.terminal.id, kept.configuration.timeouts.idle_s) == ("lane-7", 45)
    assert kept.configuration.devices.printer.is_virtual  # the environment of one start is not that of another
    assert [problem.key for problem in kept.problems] == ["terminal.id"]
    refused(path)
    bad = load_or_last_good(path, keep, environment={"KIOSK__TIMEOUTS__IDLE_S": "soon"})
    assert (bad.configuration.terminal.id, bad.configuration.timeouts.idle_s) == ("lane-7", 60)
    assert len(bad.problems) == 2

    path.write_text('[terminal]\nid = "lane-8"\n', encoding="utf-8")
    assert load_or_last_good(path, keep, environment={}).configuration.terminal.id == "lane-8"


def test_without_a_good_one_kept_a_bad_configuration_is_refused(tmp_path: Path) -> None:
    path = site(tmp_path, "[terminal]\nid = 7\n")
    for kept in (None, "not json", '{"terminal": {"colour": 1}}'):
        if kept is not None:
            (tmp_path / "configuration.last-good.json").write_text(kept, encoding="utf-8")
        with pytest.raises(ConfigurationError, match=r"terminal\.id must be text in quotes; found 7"):
            load_or_last_good(path, tmp_path, environment={})


def test_a_rejected_number_is_not_taken_for_a_word_and_a_word_not_for_a_number(tmp_path: Path) -> None:
    problems = refused(site(tmp_path, '[timeouts]\nidle_s = "60"\n[panel]\nfullscreen = 1\npixel_pitch_mm = nan\n'))
    assert [problem.split(": ", 1)[1].split()[0] for problem in problems] == [
        "timeouts.idle_s",
        "panel.fullscreen",
        "panel.pixel_pitch_mm",
    ]


def test_keys_are_found_on_their_lines_however_they_are_written() -> None:
    text = '''# comment with = and [brackets]
a.b = 1
"quoted key" = """three
lines = 1
[no.table]"""
[[array]]
x = { y = [1,
  2], z = 'it''s' }
[[array]]
x = 2
[array.inner]
date = 2026-01-01T10:00:00Z # end
'''.replace("'it''s'", "'its'")
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines["a", "b"] == 2
    assert lines["quoted key",] == 3
    assert lines["array", 0, "x", "y", 1] == 8
    assert lines["array", 0, "x", "z"] == 8
    assert lines["array", 1, "x"] == 10
    assert lines["array", 1, "inner", "date"] == 12
    assert ("no", "table") not in lines


def test_every_key_of_the_shipped_file_has_its_line() -> None:
    text = DEFAULT_FILE.read_text("utf-8")
    lines = key_lines(text)

    def walk(table: dict[str, object], path: tuple[str, ...]) -> None:
        for key, value in table.items():
            number = lines[(*path, key)]
            assert key in text.splitlines()[number - 1]
            if isinstance(value, dict):
                walk(value, (*path, key))

    walk(tomllib.loads(text), ())
    assert Configuration.model_validate(tomllib.loads(text))


def test_a_tax_class_that_does_not_exist_cannot_be_kept_from_offers(tmp_path: Path) -> None:
    (problem,) = refused(site(tmp_path, '[site]\nnever_reduced = ["zero", "gift"]\n'))
    assert "must be tax classes of site.tax: standard, reduced, zero" in problem


def test_the_site_decides_how_a_basket_is_priced_and_taxed(tmp_path: Path) -> None:
    path = site(
        tmp_path,
        "[site]\nprices_include_tax = false\ncurrency = 'CHF'\n[site.tax]\nluxury = 2500\n"
        "[site.rounding]\nmode = 'half-even'\ntax_per = 'line'\ntotal_step_minor = 5\n",
    )
    rules = price_rules(load(path, environment={}).site)
    assert (rules.currency, rules.total_step, rules.mode) == ("CHF", 5, RoundingMode.HALF_EVEN)
    assert rules.tax.of("luxury").rate_bp == 2500
    assert rules.tax.round_per_line
    assert not rules.tax.prices_include_tax
    assert rules.never_reduced == {"zero"}


def test_the_site_decides_what_its_codes_mean(tmp_path: Path) -> None:
    path = site(
        tmp_path, "[site.scan]\ncoupon_prefixes = ['GUT-']\nrestricted = ['28IIIIKWWWWWC:3', '20IIIIIIPPPPC']\n"
    )
    rules = scan_rules(load(path, environment={}).site, date(2026, 1, 1))
    assert resolve(Scan(b"GUT-10"), rules) == CouponCode("GUT-10")
    assert isinstance(resolve(Scan(b"CPN-10"), rules), Unknown)
    assert [template.layout for template in rules.restricted] == ["28IIIIKWWWWWC", "20IIIIIIPPPPC"]
    assert rules.restricted[0].decimals == 3


def test_a_language_without_its_file_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (problem,) = refused(site(tmp_path, '[site]\nlanguages = ["en", "xx"]\n'))
    assert "site.languages[1] must be a language with a file in assets/languages: de, en" in problem


def test_the_data_directory_is_known_also_where_the_configuration_is_refused(tmp_path: Path) -> None:
    path = site(tmp_path, '[data]\ndirectory = "/srv/tern"\n[terminal]\nid = 7\n')
    assert data_directory(path, {}) == Path("/srv/tern")
    assert data_directory(path, {"KIOSK__DATA__DIRECTORY": "/var/tern"}) == Path("/var/tern")
    for text in ("[data]\nx = 1\n", "data = 3\n", "not toml"):
        assert data_directory(site(tmp_path, text), {}) == PROJECT_ROOT / "data"
