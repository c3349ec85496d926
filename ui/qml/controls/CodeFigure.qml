pragma ComponentBehavior: Bound

import QtQuick
import ".."

// A bar code, and below it the number that can be typed.
Column {
    id: figure

    spacing: Theme.dp(14)

    Row {
        id: bars
        spacing: Theme.dp(5)
        anchors.horizontalCenter: parent.horizontalCenter

        Repeater {
            model: [3, 1, 2, 1, 1, 3, 1, 2, 2, 1, 3, 1, 1, 2, 1, 3]

            Rectangle {
                required property int modelData

                width: Theme.dp(5) * modelData
                height: Theme.dp(110)
                color: Theme.ink
            }
        }
    }

    Rectangle {
        width: bars.width + Theme.dp(20)
        height: number.implicitHeight + Theme.dp(14)
        radius: Theme.dp(12)
        color: Theme.saving
        anchors.horizontalCenter: parent.horizontalCenter

        TernText {
            id: number
            text: "4 006381 333931"
            color: Theme.savingInk
            font.pixelSize: Theme.dp(26)
            font.weight: Font.Bold
            anchors.centerIn: parent
        }
    }
}
