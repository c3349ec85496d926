pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// Everything once more before it is sent; each answer can be given anew.
TernScreen {
    id: screen

    readonly property FormModel form: till.form

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(Theme.portrait ? 40 : 4)
        width: screen.areaWidth
        spacing: Theme.dp(8)

        TernText {
            text: screen.form.title
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            text: Words.say("screen.form-check.title")
            font.pixelSize: Theme.largeText && !Theme.portrait ? Theme.dp(40) : Theme.title
            font.weight: Font.Bold
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
    }

    ListPanel {
        model: screen.form.answers
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Math.max(words.y + words.height + Theme.dp(20), Theme.reachTop)
        width: screen.areaWidth
        height: (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - y

        delegate: Card {
            id: line

            required property int index
            required property string name
            required property string answer

            width: ListView.view.width
            height: Math.max(Theme.target, told.implicitHeight) + Theme.dp(24)
            radius: Theme.radiusSmall

            Column {
                id: told
                anchors.left: parent.left
                anchors.leftMargin: Theme.pad
                anchors.right: change.left
                anchors.rightMargin: Theme.pad
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.dp(2)

                TernText {
                    text: line.name
                    color: Theme.soft
                    font.pixelSize: Theme.hint
                    width: parent.width
                }

                TernText {
                    text: line.answer
                    font.pixelSize: Theme.lead
                    font.weight: Font.DemiBold
                    wrapMode: Text.Wrap
                    width: parent.width
                    Accessible.role: Accessible.StaticText
                    Accessible.name: `${line.name}: ${line.answer}`
                }
            }

            TernButton {
                id: change
                label: Words.say("action.change")
                width: implicitWidth
                anchors.right: parent.right
                anchors.rightMargin: Theme.dp(12)
                anchors.verticalCenter: parent.verticalCenter
                Accessible.name: Words.sayWith("name.change", { item: line.name })
                onActivated: screen.form.correct(line.index)
            }
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
            label: screen.form.revealed ? Words.say("action.hide") : Words.say("action.show")
            visible: screen.form.hidden
            Layout.fillWidth: true
            onActivated: screen.form.reveal()
        }

        TernButton {
            label: Words.say("action.back")
            iconName: "back"
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }

        TernButton {
            kind: "primary"
            label: screen.form.consent === "" ? Words.say("action.send") : Words.say("action.continue")
            available: !screen.form.waiting
            Layout.fillWidth: true
            onActivated: screen.till.goOn()
        }
    }
}
