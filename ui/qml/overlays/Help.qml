pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// Help answers first; then it calls a person.
DialogPanel {
    id: dialog

    required property Till till
    property string open

    title: Words.say("screen.help.title")
    text: Theme.lowReach && !Theme.portrait ? "" : Words.say("screen.help.hint")
    onClosed: dialog.till.openOverlay("")

    ListPanel {
        model: dialog.till.topics
        Layout.fillWidth: true
        Layout.fillHeight: true
        implicitHeight: Theme.dp(Theme.portrait ? Theme.lowReach ? 600 : 760 : Theme.lowReach ? 190 : 300)

        delegate: TernButton {
            id: topic

            required property string key
            required property string name
            required property string answer

            width: ListView.view.width
            kind: "quiet"
            leading: true
            label: name
            detail: dialog.open === key ? answer : ""
            iconName: "help"
            onActivated: dialog.open = dialog.open === key ? "" : key
        }
    }

    TernButton {
        kind: "primary"
        label: dialog.till.staffCalled ? Words.say("screen.help.called") : Words.say("screen.help.call")
        iconName: "attendant"
        textSize: Theme.text(28)
        implicitHeight: Theme.dp(96)
        available: !dialog.till.staffCalled
        Layout.fillWidth: true
        onActivated: dialog.till.callHelp()
    }
}
