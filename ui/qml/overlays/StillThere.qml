import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// Before anything is cleared: how long there is, and one press for more.
DialogPanel {
    id: dialog

    required property Till till

    title: Words.say("screen.time-out.title")
    text: Words.sayWith(dialog.till.account.open ? "screen.time-out.left-account" : "screen.time-out.left", { count: Math.max(0, dialog.till.countdownS) })
    closable: false
    onClosed: dialog.till.moreTime()

    // Anywhere will do: whoever is here touches the screen.
    TapHandler {
        onTapped: dialog.till.moreTime()
    }

    TernText {
        text: Math.max(0, dialog.till.countdownS)
        font.pixelSize: Theme.text(112)
        font.weight: Font.Black
        horizontalAlignment: Text.AlignHCenter
        Layout.fillWidth: true
    }

    TernButton {
        kind: "primary"
        label: Words.say("action.more-time")
        focus: true
        Layout.fillWidth: true
        onActivated: dialog.till.moreTime()
    }
}
