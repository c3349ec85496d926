import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// What was not to be had, and what can be done instead.
Question {
    id: screen

    title: screen.till.account.problemTitle
    text: screen.till.account.problemText
    hint: screen.till.account.problemHint
    iconName: screen.till.account.problem === "locked" ? "lock" : screen.till.account.problem === "away" ? "offline" : "info"
    tone: "warning"
    primaryLabel: screen.till.account.goesOn !== "" ? screen.till.account.goesOn : Words.say("action.account-leave")
    onConfirmed: screen.till.account.goesOn !== "" ? screen.till.goOn() : screen.till.account.leave()

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    LeaveKey {
        till: screen.till
        visible: screen.till.account.goesOn !== ""
    }

    TernButton {
        label: Words.say("screen.account-start.number")
        iconName: "keypad"
        visible: screen.till.account.canType
        Layout.fillWidth: true
        onActivated: screen.till.account.typeNumber(false)
    }
}
