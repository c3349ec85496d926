import QtQuick
import QtQuick.Layouts
import ".."

// A device on the bench: its name, and below it whatever belongs to it.
Rectangle {
    id: panel

    property string title
    // What can go wrong with the device is behind a button, which is lit while something does.
    property bool faulty: false
    property bool faultsShown: false
    property bool canFail: true
    default property alias content: inside.data

    color: BenchTheme.panel
    radius: BenchTheme.round + 4
    implicitHeight: inside.implicitHeight + 2 * BenchTheme.pad

    ColumnLayout {
        id: inside
        anchors.fill: parent
        anchors.margins: BenchTheme.pad
        spacing: BenchTheme.gap

        RowLayout {
            BenchText {
                text: panel.title
                font.pixelSize: BenchTheme.head
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
                Layout.fillWidth: true
            }

            BenchButton {
                label: Words.say("bench.faults") + (panel.faultsShown ? " ▾" : " ▸")
                spoken: panel.title + ": " + Words.say("bench.faults")
                visible: panel.canFail
                chosen: panel.faulty
                onActivated: panel.faultsShown = !panel.faultsShown
            }
        }
    }
}
