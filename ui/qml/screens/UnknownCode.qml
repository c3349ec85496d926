import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// A code that says nothing to us: three ways on, and none of them blames.
Question {
    id: screen

    title: Words.say("screen.unknown-code.title")
    text: Words.say("screen.unknown-code.hint")
    hint: screen.till.problemText
    iconName: "scan"
    tone: "warning"
    primaryLabel: Words.say("action.scan-again")
    onConfirmed: screen.till.back()

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    TernButton {
        label: Words.say("action.keypad")
        iconName: "keypad"
        Layout.fillWidth: true
        onActivated: screen.till.open("keypad")
    }
}
