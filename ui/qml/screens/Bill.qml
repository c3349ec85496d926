pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// What the bill is: to whom, how much, when, what it costs besides, and how sure it is; before anything is agreed to.
TernScreen {
    id: screen

    readonly property BillModel bill: till.bill

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar
        width: screen.areaWidth
        spacing: Theme.dp(Theme.portrait ? 16 : 8)

        TernText {
            text: Words.say("screen.bill.title")
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: screen.bill.payee
            font.pixelSize: Theme.text(Theme.portrait ? 44 : Theme.largeText ? 30 : 36)
            font.weight: Font.Bold
            width: parent.width
            maximumLineCount: 3
            elide: Text.ElideRight
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Chip {
            label: screen.bill.standing
            tone: screen.bill.confirmed ? "saving" : "plain"
            iconName: screen.bill.confirmed ? "check" : "clock"
            width: Math.min(implicitWidth, parent.width)
            Accessible.role: Accessible.StaticText
            Accessible.name: label
        }
    }

    ListPanel {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: words.y + words.implicitHeight + Theme.dp(Theme.portrait ? 36 : 18)
        width: screen.areaWidth
        height: Math.max(0, (Theme.portrait ? sums.y - Theme.gap : Theme.contentBottom) - y)
        model: screen.bill.facts
        delegate: BillFact {
            width: ListView.view.width
        }
    }

    Card {
        id: sums
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.portrait ? actions.y - Theme.gap - height : Theme.topBar
        width: Theme.column
        height: Theme.portrait ? inside.implicitHeight + 2 * Theme.pad : actions.y - y - Theme.gap

        BillSums {
            id: inside
            bill: screen.bill
            width: parent.width - 2 * Theme.pad
            anchors.centerIn: parent
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        TernButton {
            label: Words.say("action.change-amount")
            iconName: "keypad"
            visible: screen.bill.canChange
            Layout.fillWidth: true
            onActivated: screen.bill.changeAmount()
        }

        TernButton {
            label: Words.say("action.not-this-bill")
            iconName: "back"
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }

        TernButton {
            kind: "primary"
            label: Words.say("action.take-bill")
            Layout.fillWidth: true
            onActivated: screen.bill.take()
        }
    }
}
