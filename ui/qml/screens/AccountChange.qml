import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Which of the two is to be another.
Question {
    id: screen

    title: Words.say("screen.account-change.title")
    text: Words.say("screen.account-change.hint")
    iconName: "person"
    primaryLabel: Words.say("screen.account-change.address")
    onConfirmed: screen.till.account.chooseChange("address")

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
        label: Words.say("screen.account-change.phone")
        Layout.fillWidth: true
        onActivated: screen.till.account.chooseChange("phone")
    }
}
