import QtQuick
import "../controls"
import ".."

// The basket is on hold: its code, to be scanned here later.
Question {
    id: screen

    title: Words.say("screen.held.title")
    text: Words.say("screen.held.hint")
    hint: [screen.till.heldCode, screen.till.canPrint ? Words.say("screen.held.slip") : ""].filter(part => part !== "").join("\n")
    wide: true
    primaryLabel: Words.say("action.done")
    onConfirmed: screen.till.goOn()

    figure: QrImage {
        rows: screen.till.qrRows
        name: Words.say("name.qr")
        anchors.fill: parent
    }
}
