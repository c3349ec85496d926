pragma ComponentBehavior: Bound

import QtQuick
import Tern
import ".."

// The amount of a bill, the largest thing about it; below it what a late charge or a fee makes of it.
Column {
    id: sums

    required property BillModel bill

    spacing: Theme.dp(6)

    TernText {
        text: Words.say("screen.bill.amount")
        color: Theme.soft
        font.pixelSize: Theme.hint
        width: parent.width
        visible: !(Theme.largeText && rows.count > 1 && !Theme.portrait)
    }

    TernText {
        text: sums.bill.amount
        font.pixelSize: Theme.text(Theme.portrait ? 84 : Theme.largeText ? 42 : 56)
        font.weight: Font.Black
        font.letterSpacing: -1
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.dp(24)
        wrapMode: Text.NoWrap
        width: parent.width
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Repeater {
        id: rows
        model: sums.bill.sums

        Item {
            id: row

            required property string key
            required property string name
            required property string text

            width: sums.width
            height: Math.max(label.implicitHeight, figure.implicitHeight)
            Accessible.role: Accessible.StaticText
            Accessible.name: `${name}: ${text}`

            TernText {
                id: label
                text: row.name
                color: row.key === "total" ? Theme.ink : Theme.soft
                font.pixelSize: Theme.hint
                font.weight: row.key === "total" ? Font.Bold : Font.Normal
                lineHeight: 0.95
                anchors.left: parent.left
                anchors.right: figure.left
                anchors.rightMargin: Theme.dp(8)
                anchors.verticalCenter: parent.verticalCenter
            }

            TernText {
                id: figure
                text: row.text
                font.pixelSize: Theme.text(20)
                font.weight: Font.Bold
                wrapMode: Text.NoWrap
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }
}
