pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Something is under way: three dots, each in turn; still where motion is not wanted.
Row {
    id: dots

    property int lit: 0

    spacing: Theme.dp(14)
    Accessible.role: Accessible.ProgressBar
    Accessible.name: Words.say("screen.pay.wait")

    Timer {
        interval: 500
        repeat: true
        running: dots.visible && !Theme.reducedMotion
        onTriggered: dots.lit = (dots.lit + 1) % 3
    }

    Repeater {
        model: 3

        Rectangle {
            id: dot

            required property int index

            width: Theme.dp(16)
            height: width
            radius: width / 2
            color: Theme.brand
            opacity: dot.index === dots.lit ? 1 : dot.index === (dots.lit + 2) % 3 ? 0.7 : 0.4
        }
    }
}
