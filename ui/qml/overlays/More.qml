import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// What is rarely wanted of a basket: to put it on hold, to ask for another price, or to give it up. Only the last cannot be undone, and is asked twice.
DialogPanel {
    id: dialog

    required property Till till
    property bool asking: false

    title: dialog.asking ? Words.say("screen.more.sure") : Words.say("screen.more.title")
    onClosed: dialog.till.openOverlay("")

    // In low reach four ways stand two by two: one above another they would begin too high.
    GridLayout {
        columns: Theme.lowReach && !Theme.portrait && !dialog.asking ? 2 : 1
        rowSpacing: Theme.gap
        columnSpacing: Theme.gap
        uniformCellWidths: true
        Layout.fillWidth: true

        TernButton {
            label: Words.say("action.hold")
            detail: Words.say("screen.more.hold")
            iconName: "hold"
            leading: true
            Layout.fillWidth: true
            visible: !dialog.asking
            onActivated: dialog.till.hold()
        }

        TernButton {
            label: Words.say("service.bills")
            detail: Words.say("screen.more.bill")
            iconName: "bill"
            leading: true
            Layout.fillWidth: true
            visible: !dialog.asking && dialog.till.takesBills && dialog.till.sells
            onActivated: dialog.till.bill.showAnother()
        }

        TernButton {
            label: Words.say("action.other-price")
            detail: Words.say("screen.more.price")
            iconName: "search"
            leading: true
            Layout.fillWidth: true
            visible: !dialog.asking && dialog.till.sells
            onActivated: dialog.till.askPrice()
        }

        TernButton {
            label: dialog.asking ? Words.say("screen.more.yes") : Words.say("action.empty-basket")
            detail: Words.say("screen.more.empty")
            iconName: "trash"
            kind: "danger"
            leading: true
            Layout.fillWidth: true
            onActivated: dialog.asking ? dialog.till.empty() : dialog.asking = true
        }
    }
}
