import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Once more before it is sent: this is what will be asked for.
Question {
    id: screen

    title: Words.say("screen.account-change-check.title")
    text: screen.till.account.wanted
    hint: screen.till.account.busy ? screen.till.account.busyText : Words.say("screen.account-change-check.hint")
    busy: screen.till.account.busy
    iconName: "check"
    primaryLabel: screen.till.account.busy ? "" : Words.say("action.account-send")
    onConfirmed: screen.till.goOn()

    LeaveKey {
        till: screen.till
    }

    TernButton {
        label: Words.say("action.account-edit")
        iconName: "back"
        visible: !screen.till.account.busy
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
