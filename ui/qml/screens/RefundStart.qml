import QtQuick
import "../controls"
import ".."

// Which receipt: scanned, or its number typed.
EntryScreen {
    id: screen

    title: Words.say("screen.refund-start.title")
    hint: screen.till.refund.looking ? Words.say("screen.refund-start.looking") : Words.say("screen.refund-start.hint")
    placeholder: Words.say("screen.refund-start.placeholder")
    longest: 40
    offersLetters: true
    busy: screen.till.refund.looking
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.to-start")
    onEntered: digits => screen.till.typeCode(digits)
    onDismissed: screen.till.back()

    figure: CodeFigure {
        anchors.centerIn: parent
    }
}
