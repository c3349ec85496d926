import QtQuick
import QtQuick.Layouts
import TernBench
import ".."
import "../controls"

// The shelf of things to scan, a field for any other code, and what can be wrong with the scanner.
BenchPanel {
    id: panel
    objectName: "scanner"

    required property ScannerBench scanner

    title: Words.say("bench.scanner.title")
    faulty: !scanner.plugged || scanner.slow

    TileGrid {
        groups: panel.scanner.groups
        groupWords: "bench.shelf."
        Layout.fillWidth: true
        Layout.fillHeight: true
        onTouched: key => panel.scanner.scan(key)
    }

    RowLayout {
        spacing: BenchTheme.gap

        PlainField {
            id: typed
            placeholder: Words.say("bench.scanner.typed")
            ink: BenchTheme.ink
            soft: BenchTheme.soft
            ground: BenchTheme.well
            edge: activeFocus ? BenchTheme.ink : BenchTheme.line
            font.pixelSize: BenchTheme.small
            Layout.fillWidth: true
            Layout.preferredHeight: BenchTheme.low
            onAccepted: panel.scanner.scanTyped(text)
        }

        BenchButton {
            label: Words.say("bench.scanner.scan")
            onActivated: panel.scanner.scanTyped(typed.text)
        }
    }

    Flow {
        visible: panel.faultsShown
        spacing: 4
        Layout.fillWidth: true

        BenchButton {
            label: Words.say("bench.scanner.unplugged")
            toggles: true
            chosen: !panel.scanner.plugged
            onActivated: panel.scanner.togglePlug()
        }

        BenchButton {
            label: Words.say("bench.scanner.slow")
            toggles: true
            chosen: panel.scanner.slow
            onActivated: panel.scanner.toggleSlow()
        }

        BenchButton {
            label: Words.say("bench.scanner.noise")
            onActivated: panel.scanner.sendNoise()
        }

        BenchButton {
            label: Words.say("bench.scanner.half")
            onActivated: panel.scanner.sendHalf()
        }
    }

    BenchText {
        visible: panel.scanner.notice !== ""
        text: visible ? Words.say(`bench.scanner.${panel.scanner.notice}`) : ""
        color: BenchTheme.alarm
        Layout.fillWidth: true
    }
}
