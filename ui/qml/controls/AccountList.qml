pragma ComponentBehavior: Bound

import QtQuick
import Tern
import ".."

// What is on an account, a line each: what it is, and how much. Some can be touched.
ListPanel {
    id: list

    signal chosen(kind: string, at: int)

    delegate: Card {
        id: line

        required property string kind
        required property string name
        required property string detail
        required property string amount
        required property string action
        required property int at

        width: ListView.view.width
        height: Math.max(Theme.target, words.implicitHeight + Theme.dp(16))
        radius: Theme.dp(20)
        Accessible.role: Accessible.ListItem
        Accessible.name: [line.name, line.detail, line.amount].filter(text => text !== "").join(", ")

        Column {
            id: words
            anchors.left: parent.left
            anchors.leftMargin: Theme.pad
            anchors.right: sum.left
            anchors.rightMargin: Theme.dp(12)
            anchors.verticalCenter: parent.verticalCenter

            TernText {
                text: line.name
                width: parent.width
                font.weight: Font.DemiBold
                maximumLineCount: 2
                elide: Text.ElideRight
            }

            TernText {
                text: line.detail
                visible: text !== ""
                width: parent.width
                color: Theme.soft
                font.pixelSize: Theme.hint
            }
        }

        TernText {
            id: sum
            text: line.amount
            font.pixelSize: line.kind === "balance" ? Theme.lead : Theme.body
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            anchors.right: key.visible ? key.left : parent.right
            anchors.rightMargin: key.visible ? Theme.apart : Theme.pad
            anchors.verticalCenter: parent.verticalCenter
        }

        TernButton {
            id: key
            label: line.action
            detail: line.name
            visible: line.action !== ""
            height: Theme.target
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            onActivated: list.chosen(line.kind, line.at)

            // What it is about stands beside it, and is said with it.
            implicitWidth: Math.max(Theme.target, word.implicitWidth + 2 * padding_)
            contentItem: ButtonFace {
                id: word
                label: key.label
                ink: key.ink
                textSize: key.textSize
            }
        }
    }
}
