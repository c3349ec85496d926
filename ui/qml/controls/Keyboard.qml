pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Letters to touch, in rows that the language brings along.
Column {
    id: board

    property string written
    property int longest: 30
    property int keyHeight: Theme.dp(72)
    property bool digits: false
    readonly property list<string> rows: (digits ? Words.say("keyboard.digits") + " " : "").concat(Words.say("keyboard.rows")).split(" ")
    readonly property int widest: Math.max(...rows.map(row => row.length))
    readonly property int keyWidth: Math.floor((width - (widest - 1) * spacing) / widest)

    spacing: Theme.apart
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    function type(letter: string) {
        written = (written + letter).slice(0, longest);
    }

    Repeater {
        model: board.rows

        Row {
            id: line

            required property string modelData

            spacing: board.spacing
            anchors.horizontalCenter: parent?.horizontalCenter

            Repeater {
                model: line.modelData.split("")

                TernButton {
                    required property string modelData

                    kind: "key"
                    label: modelData
                    padding_: 0
                    width: board.keyWidth
                    height: board.keyHeight
                    corner: Theme.dp(12)
                    onActivated: board.type(modelData.toLowerCase())
                }
            }
        }
    }

    Row {
        spacing: board.spacing
        anchors.horizontalCenter: parent.horizontalCenter

        TernButton {
            kind: "key"
            iconName: "close"
            iconOnly: true
            label: Words.say("action.clear")
            width: board.keyWidth * 2 + board.spacing
            height: board.keyHeight
            corner: Theme.dp(12)
            onActivated: board.written = ""
        }

        TernButton {
            kind: "key"
            label: Words.say("action.space")
            width: board.keyWidth * 4 + 3 * board.spacing
            height: board.keyHeight
            corner: Theme.dp(12)
            onActivated: board.type(" ")
        }

        TernButton {
            kind: "key"
            iconName: "back"
            iconOnly: true
            label: Words.say("action.delete")
            width: board.keyWidth * 2 + board.spacing
            height: board.keyHeight
            corner: Theme.dp(12)
            onActivated: board.written = board.written.slice(0, -1)
        }
    }
}
