import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The money on its way: how much, what to do, and nothing else but the way to stop it.
Question {
    id: screen

    readonly property bool atCard: till.refund.message === "insert-card" && !till.refund.cancelling && !till.refund.unclear

    title: Words.say("screen.refund-money.title") + " " + screen.till.refund.total
    text: screen.till.refund.instruction
    hint: screen.till.refund.unclear ? Words.say("screen.refund-money.once") : screen.atCard ? Words.say("screen.refund-money.where") : ""
    scene: screen.till.refund.unclear ? "staff" : screen.till.refund.reversing ? "receipt" : screen.till.refund.message === "remove-card" ? "remove-card" : screen.till.refund.message === "enter-pin" || screen.till.refund.message === "wrong-pin" ? "insert-card" : "hold-to-reader"
    busy: true

    TernButton {
        label: Words.say("action.cancel-refund")
        iconName: "close"
        visible: !screen.till.refund.unclear && !screen.till.refund.reversing
        available: !screen.till.refund.cancelling
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
