pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Tern
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

    Flickable {
        id: shelf
        Layout.fillWidth: true
        Layout.fillHeight: true
        contentHeight: groups.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        T.ScrollBar.vertical: BenchScroll {}

        // What has the focus is seen.
        function reveal(tile: Item) {
            const top = tile.mapToItem(groups, 0, 0).y;
            contentY = Math.max(Math.min(contentY, top - 30), top + tile.height - height);
        }

        Column {
            id: groups
            width: shelf.width - 8
            spacing: BenchTheme.gap

            Repeater {
                model: panel.scanner.groups

                Column {
                    id: group

                    required property string key
                    required property Rows things

                    width: groups.width
                    spacing: 4

                    BenchText {
                        text: Words.say(`bench.shelf.${group.key}`)
                        color: BenchTheme.soft
                        font.pixelSize: BenchTheme.small
                        topPadding: 2
                    }

                    Grid {
                        columns: 2
                        spacing: 4

                        Repeater {
                            model: group.things

                            BenchButton {
                                required property string key
                                required property string name
                                required picture

                                label: name
                                width: (groups.width - 4) / 2
                                height: 44
                                onActivated: panel.scanner.scan(key)
                                onActiveFocusChanged: if (activeFocus) shelf.reveal(this)
                            }
                        }
                    }
                }
            }
        }
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
