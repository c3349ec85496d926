import QtQuick
import QtQuick.Layouts
import TernBench
import ".."

// The central service in the office: the line to it, what arrived there, and the way to its console.
Rectangle {
    id: panel
    objectName: "office"

    required property OfficeBench office
    readonly property bool open: office.state === "open"

    color: BenchTheme.panel
    radius: BenchTheme.round + 4
    implicitHeight: inside.implicitHeight + 2 * BenchTheme.pad

    RowLayout {
        id: inside
        anchors.fill: parent
        anchors.margins: BenchTheme.pad
        spacing: BenchTheme.gap

        ColumnLayout {
            spacing: 2
            Layout.fillWidth: true

            RowLayout {
                spacing: BenchTheme.gap

                Rectangle {
                    implicitWidth: 10
                    implicitHeight: 10
                    radius: 5
                    color: panel.open && !panel.office.cut ? BenchTheme.accent : BenchTheme.alarm
                }

                BenchText {
                    text: {
                        if (!panel.open)
                            return Words.sayWith(`bench.office.${panel.office.state}`, {line: panel.office.notice});
                        return Words.say(panel.office.cut ? "bench.office.cut" : "bench.office.open");
                    }
                    maximumLineCount: 2
                    elide: Text.ElideRight
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                    Layout.fillWidth: true
                }
            }

            BenchText {
                visible: panel.open
                text: panel.office.arrived === 0 ? Words.say("bench.office.none") : Words.sayWith("bench.office.arrived", {
                    count: panel.office.arrived,
                    amount: Words.money(panel.office.lastMinor)
                })
                font.pixelSize: BenchTheme.small
                Accessible.role: Accessible.StaticText
                Accessible.name: text
                Layout.fillWidth: true
            }

            BenchText {
                visible: panel.open
                text: Words.sayWith("bench.office.console", {
                    address: panel.office.console,
                    person: panel.office.person,
                    password: panel.office.password
                })
                color: BenchTheme.soft
                font.pixelSize: BenchTheme.small
                Accessible.role: Accessible.StaticText
                Accessible.name: text
                Layout.fillWidth: true
            }
        }

        BenchButton {
            label: Words.say("bench.office.browse")
            enabled: panel.open
            implicitHeight: BenchTheme.high
            onActivated: panel.office.openConsole()
        }

        BenchButton {
            label: Words.say(panel.office.cut ? "bench.office.mend" : "bench.office.cut-line")
            ground: panel.office.cut ? BenchTheme.accent : BenchTheme.red
            ink: panel.office.cut ? BenchTheme.accentInk : "#FFFFFF"
            textSize: BenchTheme.head
            implicitHeight: BenchTheme.high
            onActivated: panel.office.toggleLine()
        }
    }
}
