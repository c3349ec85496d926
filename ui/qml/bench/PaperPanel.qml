pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import TernBench
import ".."

// The paper as it comes out of the printer, the papers torn off, and what can be wrong with the printer.
BenchPanel {
    id: panel
    objectName: "printer"

    required property PrinterBench printer

    signal read(picture: string, words: string)

    title: Words.say("bench.printer.title")
    faulty: printer.faulty

    Rectangle {
        color: BenchTheme.well
        radius: BenchTheme.round
        clip: true
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 60

        BenchText {
            anchors.centerIn: parent
            width: parent.width - 24
            visible: panel.printer.roll === "" && torn.count === 0
            text: Words.say("bench.printer.none")
            color: BenchTheme.soft
            font.pixelSize: BenchTheme.small
            horizontalAlignment: Text.AlignHCenter
        }

        // The newest line is at the slot below; the beginning moves up and out of sight.
        Image {
            id: roll
            x: 18
            anchors.bottom: slot.top
            width: Math.min(300, parent.width * 0.58 - 24)
            height: Math.round(width * panel.printer.rollDotsHigh / panel.printer.rollDotsWide)
            sourceSize.width: width
            source: panel.printer.roll
            visible: panel.printer.roll !== ""
            cache: false
            Accessible.role: Accessible.Graphic
            Accessible.name: Words.say("bench.printer.roll")
        }

        Rectangle {
            id: slot
            x: 6
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 6
            width: roll.width + 24
            height: 8
            radius: 4
            color: BenchTheme.line
        }

        ListView {
            id: torn
            anchors.left: slot.right
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            anchors.margins: 6
            spacing: 6
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: panel.printer.papers

            T.ScrollBar.vertical: BenchScroll {}

            delegate: TornPaper {
                onActivated: panel.read(picture, words)
            }
        }
    }

    Flow {
        visible: panel.faultsShown
        spacing: 4
        Layout.fillWidth: true

        Repeater {
            model: panel.printer.switches

            BenchButton {
                required property string key
                required chosen

                label: Words.say(`bench.printer.${key}`)
                toggles: true
                onActivated: panel.printer.toggle(key)
            }
        }
    }
}
