import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Staff look at the goods; a badge scanned here opens their login, and the office can decide from afar.
Question {
    id: screen

    title: Words.say("screen.refund-approval.title")
    text: Words.say("screen.refund-approval.hint")
    hint: screen.till.refund.why
    iconName: "attendant"
    busy: true

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
