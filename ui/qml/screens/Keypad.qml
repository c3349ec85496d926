import QtQuick
import "../controls"
import ".."

// The digits of a code that cannot be scanned, of a sign, or of a basket on hold.
EntryScreen {
    id: screen

    title: Words.say("screen.keypad.title")
    hint: Words.say("screen.keypad.hint")
    placeholder: Words.say("screen.keypad.placeholder")
    longest: 24
    offersLetters: true
    primaryLabel: Words.say("action.continue")
    onEntered: digits => screen.till.typeCode(digits)
    onDismissed: screen.till.back()

    figure: CodeFigure {
        anchors.centerIn: parent
    }
}
