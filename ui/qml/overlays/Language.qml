pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// Each language by its own name; the basket stays.
DialogPanel {
    id: dialog

    required property Till till

    title: Words.say("screen.language.title")
    text: Words.say("screen.language.hint")
    onClosed: dialog.till.openOverlay("")

    GridLayout {
        columns: Theme.largeText && !Theme.portrait ? 2 : 2
        rowSpacing: Theme.gap
        columnSpacing: Theme.gap
        uniformCellWidths: true
        Layout.fillWidth: true

        Repeater {
            model: Words.bridge ? Words.bridge.languages : null

            TernButton {
                required property string key
                required property string name
                readonly property bool now: Words.bridge?.language === key

                label: name
                role: "radio"
                chosen: now
                iconName: now ? "check" : ""
                textSize: Theme.text(26)
                implicitHeight: Theme.dp(96)
                Layout.fillWidth: true
                onActivated: dialog.till.chooseLanguage(key)
            }
        }
    }
}
