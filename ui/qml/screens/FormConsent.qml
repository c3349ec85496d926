pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// What the customer agrees to, word for word. The text is the site's; it may be longer than its place.
TernScreen {
    id: screen

    readonly property FormModel form: till.form

    TernText {
        id: title
        text: Words.say("screen.form-consent.title")
        font.pixelSize: Theme.largeText && !Theme.portrait ? Theme.dp(40) : Theme.title
        font.weight: Font.Bold
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(Theme.portrait ? 40 : 4)
        width: screen.areaWidth
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }

    ListPanel {
        model: [screen.form.consent]
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Math.max(title.y + title.height + Theme.dp(24), Theme.reachTop)
        width: screen.areaWidth
        height: (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - y

        delegate: TernText {
            required property string modelData

            text: modelData
            font.pixelSize: Theme.text(28)
            lineHeight: 1.25
            width: ListView.view.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        TernButton {
            label: Words.say("action.back")
            iconName: "back"
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }

        TernButton {
            kind: "primary"
            label: Words.say("action.agree-and-send")
            textSize: Theme.text(30)
            available: !screen.form.waiting
            Layout.fillWidth: true
            onActivated: screen.till.goOn()
        }
    }
}
