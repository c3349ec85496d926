import QtQuick
import "../controls"
import ".."

// What it is to be changed to.
EntryScreen {
    id: screen

    title: screen.till.account.change === "phone" ? Words.say("screen.account-change-entry.phone") : Words.say("screen.account-change-entry.title")
    hint: screen.till.account.change === "phone" ? Words.say("screen.account-change-entry.phone-hint") : Words.say("screen.account-change-entry.hint")
    placeholder: screen.till.account.change === "phone" ? Words.say("screen.account-change-entry.phone") : Words.say("screen.account-change-entry.title")
    longest: screen.till.account.change === "phone" ? 15 : 60
    letters: screen.till.account.change !== "phone"
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: text => screen.till.account.enterChange(text)
    onDismissed: screen.till.back()

    figure: Icon {
        name: "person"
        tint: Theme.brand
        size: Math.max(1, Math.min(Theme.dp(160), parent.height, parent.width))
        anchors.centerIn: parent
    }

    LeaveKey {
        till: screen.till
    }
}
