import QtQuick
import "../controls"
import ".."

// A member of staff: the badge was scanned, the PIN is typed and never shown.
EntryScreen {
    id: screen

    title: Words.say("screen.staff-login.title")
    warning: screen.till.staffRefusal
    hint: screen.till.staffStage === "badge" ? Words.say("screen.staff-login.badge") : Words.say("screen.staff-login.hint")
    placeholder: screen.till.staffStage === "checking" ? Words.say("screen.staff-login.checking") : Words.say("screen.staff-login.pin")
    longest: 12
    masked: true
    busy: screen.till.staffStage === "checking"
    primaryLabel: Words.say("action.continue")
    backLabel: Words.say("action.back")
    onEntered: digits => screen.till.enterPin(digits)
    onDismissed: screen.till.back()

    figure: Icon {
        name: "lock"
        tint: Theme.brand
        size: Math.max(1, Math.min(Theme.dp(160), parent.height, parent.width))
        anchors.centerIn: parent
    }
}
