import QtQuick
import "../controls"
import ".."

// The receipt as a code to photograph.
Question {
    id: screen

    title: Words.say("screen.receipt-qr.title")
    text: Words.say("screen.receipt-qr.hint")
    wide: true
    primaryLabel: Words.say("action.done")
    onConfirmed: screen.till.goOn()

    figure: QrImage {
        rows: screen.till.qrRows
        name: Words.say("name.qr")
        anchors.fill: parent
    }
}
