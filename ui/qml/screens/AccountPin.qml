import QtQuick
import "../controls"
import ".."

// The holder's PIN: never shown, never said.
EntryScreen {
    id: screen

    title: Words.say("screen.account-pin.title")
    hint: Words.say("screen.account-pin.hint")
    placeholder: screen.till.account.busy ? screen.till.account.busyText : Words.say("screen.account-pin.placeholder")
    longest: 12
    masked: true
    busy: screen.till.account.busy
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: digits => screen.till.account.enterPin(digits)
    onDismissed: screen.till.back()

    figure: Icon {
        name: "lock"
        tint: Theme.brand
        size: Math.max(1, Math.min(Theme.dp(160), parent.height, parent.width))
        anchors.centerIn: parent
    }

    LeaveKey {
        till: screen.till
    }
}
