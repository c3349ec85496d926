pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Where the shopper is: a number and a word for each step, the present one filled.
Row {
    id: bar

    property int current: 1
    property var keys: ["step.scan", "step.pay", "step.receipt"]

    spacing: Theme.dp(14)

    Repeater {
        model: bar.keys

        Row {
            id: step

            required property int index
            required property string modelData
            readonly property bool now: index + 1 === bar.current
            readonly property bool past: index + 1 < bar.current

            spacing: Theme.dp(14)

            Rectangle {
                width: Theme.dp(60)
                height: Theme.border
                color: Theme.edge
                visible: step.index > 0 && !Theme.largeText && !Theme.portrait
                anchors.verticalCenter: parent.verticalCenter
            }

            Rectangle {
                width: Theme.text(20) + Theme.dp(14)
                height: width
                radius: width / 2
                color: step.now || step.past ? Theme.brand : "transparent"
                border.width: step.now || step.past ? 0 : Theme.border
                border.color: Theme.edge
                anchors.verticalCenter: parent.verticalCenter

                TernText {
                    text: step.index + 1
                    visible: !step.past
                    color: step.now ? Theme.brandInk : Theme.soft
                    font.pixelSize: Theme.text(18)
                    font.weight: Font.Bold
                    anchors.centerIn: parent
                }

                Icon {
                    name: step.past ? "check" : ""
                    tint: Theme.brandInk
                    size: Theme.dp(20)
                    anchors.centerIn: parent
                }
            }

            TernText {
                text: Words.say(step.modelData)
                color: step.now ? Theme.ink : Theme.soft
                font.weight: step.now ? Font.DemiBold : Font.Normal
                visible: step.now || !Theme.largeText
                wrapMode: Text.NoWrap
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }

    Accessible.role: Accessible.StaticText
    Accessible.name: Words.sayWith("name.step", { number: current, count: keys.length, step: current > 0 ? Words.say(keys[current - 1]) : "" })
}
