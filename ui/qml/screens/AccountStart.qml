import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Who is there: a card is shown, or a number typed.
Question {
    id: screen

    title: Words.say("screen.account-start.title")
    text: Words.say("screen.account-start.hint")
    hint: Words.say("screen.account-start.private")
    iconName: "card"
    primaryLabel: Words.say("screen.account-start.number")
    primaryIcon: "keypad"
    onConfirmed: screen.till.account.typeNumber(false)

    TernButton {
        label: Words.say("action.account-leave")
        iconName: "close"
        Layout.fillWidth: true
        onActivated: screen.till.account.leave()
    }

    TernButton {
        label: Words.say("screen.account-start.phone")
        iconName: "keypad"
        Layout.fillWidth: true
        onActivated: screen.till.account.typeNumber(true)
    }
}
