import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Paid. The receipt is a choice: on paper, as a code, or none.
Question {
    id: screen

    title: Words.say("screen.receipt-choice.title")
    text: screen.till.toPay === "" ? "" : Words.sayWith("screen.receipt-choice.paid", { amount: screen.till.toPay })
    hint: screen.till.problemText !== "" ? screen.till.problemText : screen.till.canPrint ? Words.say("screen.receipt-choice.hint") : Words.say("screen.receipt-choice.no-paper")
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
