import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The biller is asked how the bill stands: five seconds at most.
Question {
    id: screen

    title: Words.say("screen.bill-asking.title")
    text: Words.say("screen.bill-asking.hint")
    iconName: "bill"
    busy: true

    TernButton {
        label: Words.say("action.cancel")
        iconName: "close"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
