pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// What the basket comes to, and the ways on from it.
ColumnLayout {
    id: panel

    required property Till till
    readonly property BasketModel basket: till.basket
    readonly property bool tight: Theme.lowReach && !Theme.portrait

    // Where goods are sold a bill goes in by its code, from any screen; where none are, this is the way to the next one.
    function go(way: string) {
        if (way === "screen.basket.more")
            till.openOverlay("more");
        else if (way === "action.other-bill")
            till.bill.showAnother();
        else
            till.open(way === "action.produce" ? "picker" : way === "action.keypad" ? "keypad" : "coupon");
    }

    spacing: 0

    RowLayout {
        Layout.leftMargin: Theme.dp(8)
        Layout.fillWidth: true

        TernText {
            text: Words.sayWith(panel.till.sells ? "screen.basket.items" : "screen.basket.count-bills", { count: panel.basket.itemCount })
            color: Theme.soft
            Layout.fillWidth: true
        }

        TernButton {
            label: Words.say("screen.basket.more")
            kind: "quiet"
            textSize: Theme.text(18)
            padding_: Theme.dp(18)
            implicitHeight: Theme.targetLeast
            corner: height / 2
            visible: !panel.tight
            onActivated: panel.till.openOverlay("more")
        }
    }

    AmountText {
        exact: panel.basket.total
        minor: panel.basket.totalMinor
        font.pixelSize: panel.tight ? Theme.text(52) : Theme.total
        font.weight: Font.Black
        font.letterSpacing: -1
        lineHeight: Theme.largeText ? 0.86 : 1
        Layout.leftMargin: Theme.dp(8)
        Layout.fillWidth: true
        Accessible.role: Accessible.StaticText
        Accessible.name: Words.sayWith("name.amount-to-pay", { amount: panel.basket.total })
    }

    TernText {
        text: panel.basket.savings
        visible: text !== "" && !panel.tight
        color: Theme.savingInk
        font.weight: Font.DemiBold
        Layout.leftMargin: Theme.dp(8)
        Layout.fillWidth: true
    }

    Item {
        Layout.fillHeight: true
        Layout.minimumHeight: Theme.largeText ? 0 : Theme.dp(10)
    }

    GridLayout {
        columns: Theme.portrait && (!Theme.largeText || Theme.lowReach) ? 3 : 1
        uniformCellWidths: true
        rowSpacing: Theme.largeText ? Theme.apart : Theme.gap
        columnSpacing: Theme.gap
        Layout.fillWidth: true

        Repeater {
            model: !panel.till.sells ? ["action.other-bill"] : panel.tight && Theme.largeText ? ["action.produce", "screen.basket.more"] : panel.tight ? ["action.produce", "action.keypad", "screen.basket.more"] : ["action.produce", "action.keypad", "action.coupon"]

            TernButton {
                required property string modelData

                label: Words.say(modelData)
                kind: "quiet"
                textSize: Theme.text(20)
                padding_: Theme.dp(22)
                chevron: true
                Layout.fillWidth: true
                Layout.fillHeight: Theme.portrait
                onActivated: panel.go(modelData)
            }
        }
    }

    TernButton {
        label: Words.say("action.pay")
        kind: "primary"
        textSize: Theme.text(44)
        available: panel.basket.itemCount > 0
        Layout.fillWidth: true
        Layout.topMargin: Theme.largeText ? Theme.gap : Theme.dp(20)
        onActivated: panel.till.pay()
    }
}
