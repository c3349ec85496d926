pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Why it comes back: one of the site's reasons.
Question {
    id: screen

    title: Words.say("screen.refund-reason.title")
    hint: screen.till.canPrint ? "" : Words.say("screen.refund-reason.no-paper")
    scene: "receipt"
    extraHeight: choices.implicitHeight

    extra: GridLayout {
        id: choices
        columns: !Theme.portrait && repeater.count > 4 ? 2 : 1
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        uniformCellWidths: true
        width: parent.width

        Repeater {
            id: repeater
            model: screen.till.refund.reasons

            TernButton {
                required property string key
                required property string name

                label: name
                chevron: true
                Layout.fillWidth: true
                onActivated: screen.till.refund.giveReason(key)
            }
        }
    }

    TernButton {
        label: Words.say("action.back")
        iconName: "back"
        Layout.fillWidth: true
        onActivated: screen.till.back()
    }
}
