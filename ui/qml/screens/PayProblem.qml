import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Nothing was charged: why, in words that accuse nobody, and three ways on.
Question {
    id: screen

    title: till.problemTitle
    text: till.problemText
    scene: till.problem === "card-left-in" ? "remove-card" : till.problem === "wrong-pin" || till.problem === "declined" || till.problem === "card-not-readable" ? "insert-card" : till.problem === "unreachable" || till.problem === "books" ? "staff" : "hold-to-reader"
    tone: "warning"
    primaryLabel: till.problem === "declined" ? Words.say("action.other-card") : Words.say("action.try-again")
    onConfirmed: screen.till.pay()

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    TernButton {
        label: Words.say("action.back-to-basket")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
