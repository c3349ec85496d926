import QtQuick
import "../controls"
import ".."

// What the holder agrees to, before anything is shown.
Question {
    id: screen

    title: Words.say("screen.account-consent.title")
    text: Words.say("screen.account-consent.text")
    hint: screen.till.account.busyText
    busy: screen.till.account.busy
    iconName: "info"
    primaryLabel: screen.till.account.busy ? "" : Words.say("action.account-agree")
    onConfirmed: screen.till.account.agree()

    LeaveKey {
        till: screen.till
        label: Words.say("action.account-disagree")
    }
}
