import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// A coupon, voucher, deposit slip or member card: scanned here, or its number typed; what was handed in can be taken back.
Question {
    id: screen

    title: Words.say("screen.coupon.title")
    text: Words.say("screen.coupon.hint")
    hint: slips.view.count > 0 ? "" : Words.say("screen.coupon.type")
    scene: "scan"
    primaryLabel: Words.say("action.back-to-basket")
    onConfirmed: screen.till.back()

    extraHeight: slips.view.count > 0 ? Theme.dp(200) : 0
    extra: SlipList {
        id: slips
        till: screen.till
        anchors.fill: parent
    }

    TernButton {
        label: Words.say("action.keypad")
        iconName: "keypad"
        Layout.fillWidth: true
        onActivated: screen.till.open("keypad")
    }
}
