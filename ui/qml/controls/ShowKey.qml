import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// Shows names and amounts, or hides them.
TernButton {
    id: key

    required property Till till

    label: key.till.account.shows ? Words.say("action.account-hide") : Words.say("action.account-show")
    iconName: key.till.account.shows ? "lock" : "search"
    Layout.fillWidth: true
    onActivated: key.till.account.setShown(!key.till.account.shows)
}
