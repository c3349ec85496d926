"""What may stand in QML: what qmllint accepts, our own controls instead of raw ones, plain text only, no GPL-only module."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

QML = Path(__file__).resolve().parents[2] / "ui" / "qml"
FILES = sorted(QML.rglob("*.qml"))

# A raw one would show a hostile product name as markup, or be touched without a name and a role for those who cannot see it.
RAW_CONTROLS = ("Button", "Label", "Text", "TextArea", "TextEdit", "TextField", "TextInput", "MouseArea")
GPL_ONLY_MODULES = re.compile(
    r"^\s*import\s+(Qt\.labs\.lottieqt|QtCharts|QtDataVisualization|QtGraphs|QtQuick\.Timeline|QtQuick\.VirtualKeyboard|QtQuick3D|QtWayland\.Compositor)",
    re.MULTILINE,
)
# View-models are QObjects of Python, whose properties qmllint cannot know.
NOT_KNOWABLE = re.compile(r'^Member "\w+" not found on type "QObject"$')


def test_qmllint_finds_nothing_to_say() -> None:
    assert FILES
    qmllint = Path(sysconfig.get_path("scripts")) / "pyside6-qmllint"
    ran = subprocess.run(
        [qmllint, "-I", QML, "--json", "-", *FILES], capture_output=True, text=True, timeout=100, check=False
    )
    said = [
        f"{Path(file['filename']).relative_to(QML)}:{warning.get('line', 1)} [{warning['id']}] {warning['message']}"
        for file in json.loads(ran.stdout)["files"]
        for warning in file["warnings"]
        if warning["type"] != "info" and not NOT_KNOWABLE.match(warning["message"])
    ]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(QML)))
def test_qml_keeps_the_house_rules(path: Path) -> None:
    broken = broken_rules(path.read_text(encoding="utf-8"), in_controls=QML / "controls" in path.parents)
    assert not broken, "\n".join(f"{path.relative_to(QML)}:{words}" for words in broken)


def test_a_raw_control_on_a_screen_is_refused() -> None:
    assert broken_rules('Item {\n  Label { text: "1" }\n}', in_controls=False) == [
        "2 Label: screens use our own controls from ui/qml/controls"
    ]
    assert broken_rules("Item { delegate: C.MouseArea {} }", in_controls=False)
    assert (
        broken_rules('Item {\n  // Label { }\n  Word { text: "Label { }" }\n  /* Text { } */ ButtonRow {}\n}', False)
        == []
    )


def test_a_text_that_could_show_markup_is_refused() -> None:
    assert broken_rules("Text { textFormat: Text.PlainText; text: a }", in_controls=True) == []
    assert broken_rules("Text { text: a; Item { property var textFormat: Text.PlainText } }", in_controls=True) == [
        "1 Text: say textFormat: Text.PlainText"
    ]
    assert broken_rules("Text { textFormat: Text.RichText }", in_controls=True)


def test_a_module_under_the_gpl_is_refused() -> None:
    assert broken_rules("import QtQuick\nimport QtQuick.Timeline\nItem {}", in_controls=False) == [
        "2 QtQuick.Timeline is offered under the GPL only"
    ]


def broken_rules(source: str, in_controls: bool) -> list[str]:
    code = without_strings_and_comments(source)
    found = [
        f"{line_of(code, m.start(1))} {m.group(1)} is offered under the GPL only"
        for m in GPL_ONLY_MODULES.finditer(code)
    ]
    for used in re.finditer(rf"(?<![\w])({'|'.join(RAW_CONTROLS)})\s*{{", code):
        name = used.group(1)
        if not in_controls:
            found.append(f"{line_of(code, used.start())} {name}: screens use our own controls from ui/qml/controls")
        elif name in ("Text", "Label") and not re.search(
            r"(?<![\w.])textFormat\s*:\s*Text\.PlainText\b", own_body(code, used.end())
        ):
            found.append(f"{line_of(code, used.start())} {name}: say textFormat: Text.PlainText")
    return found


def line_of(code: str, position: int) -> int:
    return code.count("\n", 0, position) + 1


def own_body(code: str, start: int) -> str:
    """What stands between the brace before `start` and the one that closes it, without what is in braces within."""
    depth, body = 1, ""
    for character in code[start:]:
        depth += (character == "{") - (character == "}")
        if depth == 0:
            break
        if depth == 1:
            body += character
    return body


def without_strings_and_comments(source: str) -> str:
    """The source with the same line numbers, strings emptied and comments gone."""
    pattern = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`|//[^\n]*|/\*.*?\*/'
    return re.sub(pattern, lambda m: "\n" * m.group().count("\n"), source, flags=re.DOTALL)
