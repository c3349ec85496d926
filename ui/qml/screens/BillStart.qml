import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// A bill is to be shown; or its number typed, where there is no code or the scanner cannot read it.
Question {
    id: screen

    title: Words.say("screen.bill-start.title")
    text: Words.say("screen.bill-start.hint")
    hint: Words.say("screen.bill-start.more")
    primaryLabel: Words.say("action.type-bill")
    primaryIcon: "keypad"
    onConfirmed: screen.till.bill.openTyping()

    figure: ScanFigure {
        anchors.centerIn: parent
        height: Math.min(Theme.dp(400), parent.height, parent.width)
        bills: true
    }

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
