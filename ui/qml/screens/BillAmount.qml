import QtQuick
import Tern
import "../controls"
import ".."

// How much is paid, where the bill leaves it to the customer or its biller lets them change it; in minor units of its currency.
EntryScreen {
    id: screen

    readonly property BillModel bill: till.bill

    title: Words.say("screen.bill-amount.title")
    hint: bill.between
    warning: bill.amountRefused
    placeholder: Words.say("screen.bill-amount.placeholder")
    inMoney: true
    longest: 9
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: digits => bill.giveAmount(Number(digits))
    onDismissed: screen.till.back()

    figure: BillFigure {
        payee: screen.bill.payee
        anchors.centerIn: parent
        width: parent.width
        height: parent.height
    }
}
