import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The money is on its way. The receipt is a choice: on paper, as a code, or none; the code takes the picture's place.
Question {
    id: screen

    readonly property bool isShown: till.refund.qrRows.length > 0

    title: Words.say("screen.refund-done.title")
    text: [screen.till.refund.toCard, screen.till.refund.toVoucher].filter(part => part !== "").join("\n")
    hint: screen.isShown ? Words.say("screen.refund-done.photo") : screen.till.refund.paperProblem ? Words.say("screen.refund-done.printer") : screen.till.canPrint ? Words.say("screen.refund-done.hint") : Words.say("screen.refund-done.no-paper")
    scene: screen.isShown ? "" : "receipt"
    wide: screen.isShown
    tone: screen.isShown ? "plain" : "good"
    busy: screen.till.refund.printing
    primaryLabel: screen.till.refund.printing ? "" : screen.isShown ? Words.say("action.done") : screen.till.canPrint ? Words.say("action.print") : Words.say("action.show-qr")
    primaryIcon: screen.isShown ? "" : screen.till.canPrint ? "printer" : "qr"
    onConfirmed: screen.isShown ? screen.till.goOn() : screen.till.chooseReceipt(screen.till.canPrint ? "paper" : "qr")

    figure: QrImage {
        rows: screen.till.refund.qrRows
        name: Words.say("name.qr")
        visible: screen.isShown
        anchors.fill: parent
    }

    TernButton {
        label: Words.say("action.no-receipt")
        iconName: "close"
        visible: !screen.isShown && !screen.till.refund.printing
        Layout.fillWidth: true
        onActivated: screen.till.chooseReceipt("none")
    }

    TernButton {
        label: Words.say("action.show-qr")
        iconName: "qr"
        visible: !screen.isShown && screen.till.canPrint && !screen.till.refund.printing
        Layout.fillWidth: true
        onActivated: screen.till.chooseReceipt("qr")
    }
}
