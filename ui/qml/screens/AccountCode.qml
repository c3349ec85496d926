import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// The one-time code that was sent, before anything can be changed.
EntryScreen {
    id: screen

    title: Words.say("screen.account-code.title")
    hint: screen.till.account.codeHint !== "" ? screen.till.account.codeHint : Words.say("screen.account-code.hint")
    warning: screen.till.account.codeWarning
    placeholder: screen.till.account.busy ? screen.till.account.busyText : Words.say("screen.account-code.placeholder")
    longest: 10
    masked: true
    busy: screen.till.account.busy
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: digits => screen.till.account.enterCode(digits)
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

    TernButton {
        label: Words.say("action.account-send-again")
        iconName: "repeat"
        visible: !Theme.lowReach || Theme.portrait
        available: !screen.till.account.busy
        Layout.fillWidth: true
        onActivated: screen.till.account.sendCode()
    }
}
