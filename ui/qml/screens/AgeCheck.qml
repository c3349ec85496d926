import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Staff come to look; a badge scanned here opens their login.
Question {
    id: screen

    title: Words.say("screen.age-check.title")
    text: Words.say("screen.age-check.hint")
    hint: [screen.till.problemText, Words.say("screen.age-check.meanwhile")].join(" ")
    scene: "identity-card"
    busy: true

    TernButton {
        label: Words.say("action.back-to-basket")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
