import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// A question that is answered by one touch.
TernScreen {
    id: choice

    readonly property FormModel form: till.form
    readonly property int from: Math.max(words.y + words.height + Theme.dp(24), Theme.reachTop)

    Keys.onEscapePressed: choice.till.back()

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(Theme.portrait ? 40 : 4)
        width: choice.areaWidth
        spacing: Theme.dp(8)

        TernText {
            text: choice.form.eyebrow
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            text: choice.form.label
            font.pixelSize: Theme.largeText && !Theme.portrait ? Theme.dp(40) : Theme.title
            font.weight: Font.Bold
            lineHeight: 1.05
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: choice.form.hint
            visible: text !== "" && choice.form.problemText === ""
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Chip {
            label: choice.form.problemText
            tone: "warning"
            Accessible.role: Accessible.AlertMessage
            Accessible.name: label
        }
    }

    TilePanel {
        model: choice.form.choices
        visible: !choice.form.waiting
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: choice.from
        width: choice.areaWidth
        height: (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - y
        least: choice.form.kind === "slot" ? Theme.dp(Theme.largeText ? 240 : 180) : Theme.dp(Theme.portrait ? 440 : 320)
        tileHeight: Math.min(height, Theme.dp(choice.form.kind === "slot" ? 100 : Theme.portrait ? 180 : 140))
        pictureSize: Theme.dp(56)
        textSize: Theme.text(choice.form.kind === "slot" ? 24 : 28)
        onChosen: (place, key) => choice.form.answer(key)
    }

    Dots {
        visible: choice.form.waiting
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: choice.from
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: choice.columnLeft
        y: choice.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        TernButton {
            label: Words.say("action.leave-out")
            iconName: "chevron-right"
            visible: choice.form.optional
            Layout.fillWidth: true
            onActivated: choice.form.answer("")
        }

        TernButton {
            label: choice.form.dated ? Words.say("screen.form.other-day") : Words.say("action.back")
            iconName: "back"
            Layout.fillWidth: true
            onActivated: choice.till.back()
        }
    }
}
