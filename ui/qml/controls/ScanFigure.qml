pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Things to buy, or bills and cards, and a bar code with the scanner's line across it.
Item {
    id: figure

    property bool bills: false
    readonly property real unit: height / 100

    implicitHeight: Theme.dp(400)
    width: unit * 84

    Row {
        id: things
        spacing: figure.unit * 4
        anchors.horizontalCenter: parent.horizontalCenter

        Repeater {
            model: figure.bills ? [] : ["orange", "milk", "loaf"]

            PictureTile {
                required property string modelData

                name: modelData
                size: Math.round(figure.unit * 25)
            }
        }

        Repeater {
            model: figure.bills ? ["bill", "account", "ticket"] : []

            Rectangle {
                id: tile

                required property string modelData

                width: Math.round(figure.unit * 25)
                height: width
                radius: width * 0.16
                color: Theme.saving

                Icon {
                    name: tile.modelData
                    tint: Theme.savingInk
                    size: Math.round(tile.width * 0.55)
                    anchors.centerIn: parent
                }
            }
        }
    }

    Item {
        id: code
        width: bars.width
        height: figure.unit * 60
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom

        Row {
            id: bars
            spacing: Math.round(figure.unit * 1.9)
            anchors.top: parent.top
            LayoutMirroring.enabled: false

            Repeater {
                model: [3, 1, 2, 1, 1, 3, 1, 2, 2, 1, 3, 1, 1, 2, 1, 3]

                Rectangle {
                    required property int index
                    required property int modelData

                    width: Math.round(figure.unit * 1.6) * modelData
                    height: figure.unit * (index % 5 === 0 ? 60 : 53)
                    color: Theme.ink
                }
            }
        }

        Rectangle {
            width: parent.width + figure.unit * 12
            height: Math.max(4, figure.unit * 1.8)
            radius: height / 2
            color: Theme.success
            y: code.height / 2
            anchors.horizontalCenter: parent.horizontalCenter

            SequentialAnimation on y {
                running: figure.visible && !Theme.reducedMotion
                loops: Animation.Infinite

                NumberAnimation {
                    to: code.height * 0.78
                    duration: 1600
                    easing.type: Easing.InOutSine
                }

                NumberAnimation {
                    to: code.height * 0.16
                    duration: 1600
                    easing.type: Easing.InOutSine
                }
            }
        }
    }
}
