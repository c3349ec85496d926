import QtQuick
import "../controls"
import ".."

// The refund's receipt as a code to photograph.
Question {
    id: screen

    title: Words.say("screen.refund-qr.title")
    text: Words.say("screen.refund-qr.hint")
    wide: true
    primaryLabel: Words.say("action.done")
    onConfirmed: screen.till.goOn()

    figure: QrImage {
        rows: screen.till.refund.qrRows
        name: Words.say("name.qr")
        anchors.fill: parent
    }
}
