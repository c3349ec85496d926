import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// Ends the look-up of an account: at the same place on each of its screens.
TernButton {
    id: key

    required property Till till

    label: Words.say("action.account-leave")
    iconName: "close"
    Layout.fillWidth: true
    onActivated: key.till.account.leave()
}
