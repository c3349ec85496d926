import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Staff look at the shelf; a badge scanned here opens their login.
Question {
    id: screen

    title: Words.say("screen.price-check.title")
    text: Words.say("screen.price-check.hint")
    hint: screen.till.problemText
    iconName: "attendant"
    busy: true

    TernButton {
        label: Words.say("action.back-to-basket")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
