pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Letters to touch, in rows that the language brings along.
Item {
    id: board

    property string written
    property int longest: 30
    property int keyHeight: Theme.dp(72)
    property bool digits: false
    // Signs beside the space bar: four at most.
    property string signs
    property bool capitalWords: false
    readonly property list<string> rows: (digits ? Words.say("keyboard.digits") + " " : "").concat(Words.say("keyboard.rows")).split(" ")
    readonly property int widest: Math.max(...rows.map(row => row.length))
    readonly property int keyWidth: Math.floor((width - (widest - 1) * Theme.apart) / widest)

    function type(letter: string) {
        const begins = capitalWords && (written === "" || " -'".includes(written.slice(-1)));
        written = (written + (begins ? letter.toUpperCase() : letter)).slice(0, longest);
    }

    implicitHeight: lines.implicitHeight
    height: implicitHeight

    Column {
        id: lines
        width: parent.width
        spacing: Theme.apart
        LayoutMirroring.enabled: Words.rtl
        LayoutMirroring.childrenInherit: true

        Repeater {
            model: board.rows

            Row {
                id: line

                required property string modelData

                spacing: Theme.apart
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
            spacing: Theme.apart
            anchors.horizontalCenter: parent.horizontalCenter

            TernButton {
                kind: "key"
                iconName: "close"
                iconOnly: true
                label: Words.say("action.clear")
                width: board.signs.length > 3 ? board.keyWidth : board.keyWidth * 2 + Theme.apart
                height: board.keyHeight
                corner: Theme.dp(12)
                onActivated: board.written = ""
            }

            TernButton {
                kind: "key"
                label: Words.say("action.space")
                width: board.keyWidth * 4 + 3 * Theme.apart
                height: board.keyHeight
                corner: Theme.dp(12)
                onActivated: board.type(" ")
            }

            Repeater {
                model: board.signs.split("")

                TernButton {
                    required property string modelData

                    kind: "key"
                    label: modelData
                    padding_: 0
                    width: board.keyWidth
                    height: board.keyHeight
                    corner: Theme.dp(12)
                    onActivated: board.type(modelData)
                }
            }

            TernButton {
                kind: "key"
                iconName: "back"
                iconOnly: true
                label: Words.say("action.delete")
                width: board.keyWidth * 2 + Theme.apart
                height: board.keyHeight
                corner: Theme.dp(12)
                onActivated: board.written = board.written.slice(0, -1)
            }
        }
    }
}
