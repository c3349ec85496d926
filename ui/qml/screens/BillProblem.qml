import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// Why a bill cannot be paid now, or what has to be agreed to before: one clear way on, and always somebody to ask.
Question {
    id: screen

    readonly property BillModel bill: till.bill

    title: bill.problemTitle
    text: bill.problemText
    iconName: bill.ask ? "help" : "bill"
    tone: bill.ask ? "plain" : "warning"
    primaryLabel: bill.ask ? Words.say("action.pay-anyway") : bill.canShow ? Words.say("action.other-bill") : Words.say("action.back-to-basket")
    onConfirmed: bill.ask ? till.goOn() : bill.canShow ? bill.showAnother() : till.back()

    TernButton {
        label: Words.say("action.type-bill")
        iconName: "keypad"
        visible: screen.bill.canType
        Layout.fillWidth: true
        onActivated: screen.bill.openTyping()
    }

    TernButton {
        label: Words.say("action.call-staff")
        iconName: "attendant"
        Layout.fillWidth: true
        onActivated: screen.till.callHelp()
    }

    TernButton {
        label: screen.bill.ask ? Words.say("action.not-this-bill") : Words.say("action.back")
        iconName: "back"
        visible: screen.bill.canShow
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
