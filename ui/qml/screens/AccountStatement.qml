pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// A statement to take along: of how long a time, on paper or as codes.
Question {
    id: screen

    title: Words.say("screen.account-statement.title")
    text: screen.till.account.isCopy ? screen.till.account.asOf : Words.say("screen.account-statement.hint")
    hint: screen.till.account.busy ? screen.till.account.busyText : !screen.till.canPrint ? Words.say("screen.account-statement.no-paper") : ""
    busy: screen.till.account.busy
    iconName: "printer"
    extraHeight: Theme.target + Theme.gap
    primaryLabel: screen.till.canPrint ? Words.say("action.print") : Words.say("action.show-qr")
    primaryIcon: screen.till.canPrint ? "printer" : "qr"
    onConfirmed: screen.till.account.makeStatement(screen.till.canPrint ? "paper" : "qr")

    extra: RowLayout {
        width: parent.width
        spacing: Theme.apart
        visible: !screen.till.account.busy && !screen.till.account.isCopy

        Repeater {
            model: screen.till.account.months

            Item {
                id: length

                required property string key
                required property string name
                required property bool chosen

                implicitHeight: Theme.target
                Layout.fillWidth: true

                TernButton {
                    role: "radio"
                    label: length.name
                    chosen: length.chosen
                    padding_: Theme.dp(8)
                    anchors.fill: parent
                    onActivated: screen.till.account.chooseMonths(length.key)
                }
            }
        }
    }

    LeaveKey {
        till: screen.till
    }

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }

    TernButton {
        label: Words.say("action.show-qr")
        iconName: "qr"
        visible: screen.till.canPrint && !screen.till.account.busy
        Layout.fillWidth: true
        onActivated: screen.till.account.makeStatement("qr")
    }
}
