pragma ComponentBehavior: Bound

import QtQuick
import ".."

// A bank card with its chip and its waves, drawn in the retailer's colour.
Rectangle {
    id: card

    implicitWidth: Theme.dp(260)
    implicitHeight: Theme.dp(170)
    radius: Theme.dp(20)
    color: Theme.brand

    Rectangle {
        x: Theme.dp(26)
        y: Theme.dp(54)
        width: Theme.dp(52)
        height: Theme.dp(40)
        radius: Theme.dp(8)
        color: "#EDC068"
    }

    Rectangle {
        x: Theme.dp(26)
        y: Theme.dp(122)
        width: Theme.dp(150)
        height: Theme.dp(12)
        radius: height / 2
        color: Theme.brandInk
        opacity: 0.25
    }

    Repeater {
        model: [32, 74, 108]

        Rectangle {
            required property int index
            required property int modelData

            width: Theme.dp(modelData)
            height: width
            radius: width / 2
            x: Theme.dp(190) - width / 2
            y: Theme.dp(60) - height / 2
            color: "transparent"
            border.width: Theme.dp(5)
            border.color: Theme.brandInk
            opacity: 0.55 - 0.14 * index
        }
    }
}
