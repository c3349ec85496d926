pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Digits to touch, as on a telephone; the keys of a real pad work as well.
Item {
    id: pad
    objectName: "keypad"

    property int longest: 24
    property string digits
    readonly property int keyWidth: Math.floor((width - 2 * Theme.apart) / 3)
    property int keyHeight: Theme.target

    signal finished

    function type(digit: string) {
        digits = (digits + digit).slice(0, longest);
    }

    function erase() {
        digits = digits.slice(0, -1);
    }

    Keys.onReturnPressed: event => event.isAutoRepeat || pad.finished()
    Keys.onEnterPressed: event => event.isAutoRepeat || pad.finished()
    Keys.onDigit0Pressed: pad.type("0")
    Keys.onDigit1Pressed: pad.type("1")
    Keys.onDigit2Pressed: pad.type("2")
    Keys.onDigit3Pressed: pad.type("3")
    Keys.onDigit4Pressed: pad.type("4")
    Keys.onDigit5Pressed: pad.type("5")
    Keys.onDigit6Pressed: pad.type("6")
    Keys.onDigit7Pressed: pad.type("7")
    Keys.onDigit8Pressed: pad.type("8")
    Keys.onDigit9Pressed: pad.type("9")

    implicitHeight: grid.implicitHeight
    height: implicitHeight

    // Digits stand the same way in every script.
    Grid {
        id: grid
        columns: 3
        spacing: Theme.apart
        LayoutMirroring.enabled: false
        LayoutMirroring.childrenInherit: true

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]

            TernButton {
                required property string modelData

                kind: "key"
                label: modelData
                textSize: Theme.text(30)
                width: pad.keyWidth
                height: pad.keyHeight
                corner: Theme.radiusSmall
                onActivated: pad.type(modelData)
            }
        }

        TernButton {
            kind: "key"
            iconName: "close"
            iconOnly: true
            label: Words.say("action.clear")
            width: pad.keyWidth
            height: pad.keyHeight
            corner: Theme.radiusSmall
            onActivated: pad.digits = ""
        }

        TernButton {
            kind: "key"
            label: "0"
            textSize: Theme.text(30)
            width: pad.keyWidth
            height: pad.keyHeight
            corner: Theme.radiusSmall
            onActivated: pad.type("0")
        }

        TernButton {
            kind: "key"
            iconName: "back"
            iconOnly: true
            label: Words.say("action.delete")
            width: pad.keyWidth
            height: pad.keyHeight
            corner: Theme.radiusSmall
            onActivated: pad.erase()
        }
    }
}
