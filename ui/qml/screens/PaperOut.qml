import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Told before paying, not after: there is no paper receipt now.
Question {
    id: screen

    title: Words.say("screen.paper-out.title")
    text: Words.say("screen.paper-out.hint")
    hint: Words.say("screen.paper-out.question")
    iconName: "printer"
    tone: "warning"
    primaryLabel: Words.say("action.go-on-without-paper")
    onConfirmed: screen.till.goOn()

    TernButton {
        label: Words.say("action.back-to-basket")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
