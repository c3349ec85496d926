import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The money is on its way. The receipt is a choice: on paper, as a code, or none.
Question {
    id: screen

    title: Words.say("screen.refund-done.title")
    text: [screen.till.refund.toCard, screen.till.refund.toVoucher].filter(part => part !== "").join("\n")
    hint: screen.till.refund.paperProblem ? Words.say("screen.refund-done.printer") : screen.till.canPrint ? Words.say("screen.refund-done.hint") : Words.say("screen.refund-done.no-paper")
    scene: "receipt"
    tone: "good"
    primaryLabel: screen.till.canPrint ? Words.say("action.print") : Words.say("action.show-qr")
    primaryIcon: screen.till.canPrint ? "printer" : "qr"
    onConfirmed: screen.till.chooseReceipt(screen.till.canPrint ? "paper" : "qr")

    TernButton {
        label: Words.say("action.no-receipt")
        iconName: "close"
        Layout.fillWidth: true
        onActivated: screen.till.chooseReceipt("none")
    }

    TernButton {
        label: Words.say("action.show-qr")
        iconName: "qr"
        visible: screen.till.canPrint
        Layout.fillWidth: true
        onActivated: screen.till.chooseReceipt("qr")
    }
}
