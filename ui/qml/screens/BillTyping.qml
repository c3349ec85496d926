pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// A bill's number: its fields as they are typed, each marked as soon as it is complete; the word for it beside, or below in portrait.
TernScreen {
    id: screen

    readonly property BillModel bill: till.bill
    property bool letters: false
    readonly property string typed: letters ? board.written.toUpperCase() : pad.digits

    onTypedChanged: {
        till.voice.typed(typed);
        bill.typeNumber(typed);
    }

    Keys.onEscapePressed: till.back()

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.portrait ? Theme.lowReach ? pad.y - height - Theme.dp(28) : Theme.topBar + Theme.dp(28) : Theme.topBar
        width: screen.areaWidth
        spacing: Theme.dp(Theme.portrait ? 20 : 10)

        TernText {
            text: Words.say("screen.bill-typing.title")
            font.pixelSize: Theme.text(Theme.portrait ? 44 : Theme.largeText ? 30 : 34)
            font.weight: Font.Bold
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: Words.say("screen.bill-typing.hint")
            visible: fields.count === 0
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Flow {
            width: parent.width
            spacing: Theme.dp(8)
            visible: fields.count > 0
            LayoutMirroring.enabled: false
            Accessible.role: Accessible.EditableText
            Accessible.name: Words.say("screen.bill-typing.title")
            Accessible.description: screen.typed

            Repeater {
                id: fields
                model: screen.bill.fields
                delegate: BillField {
                    dense: !Theme.portrait
                }
            }
        }

        Chip {
            label: screen.bill.verdict
            tone: screen.bill.verdictTone
            iconName: tone === "saving" ? "check" : tone === "warning" ? "warning" : "info"
            visible: label !== "" && Theme.portrait
            width: Math.min(implicitWidth, parent.width)
            Accessible.role: tone === "warning" ? Accessible.AlertMessage : Accessible.StaticText
            Accessible.name: label
        }
    }

    Keypad {
        id: pad
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (Theme.portrait ? actions.y - Theme.dp(32) : Theme.contentBottom) - height
        width: Theme.portrait ? screen.areaWidth : Math.min(screen.areaWidth, Theme.dp(560))
        keyHeight: Theme.portrait ? Theme.dp(112) : Theme.target
        longest: 80
        visible: !screen.letters
        focus: true
        onFinished: if (screen.typed !== "") screen.bill.giveNumber(screen.typed)
    }

    Keyboard {
        id: board
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (Theme.portrait ? actions.y - Theme.dp(32) : Theme.contentBottom) - height
        width: screen.areaWidth
        keyHeight: Theme.portrait ? Theme.lowReach ? Theme.target : Theme.dp(96) : Theme.targetLeast
        longest: 80
        digits: true
        visible: screen.letters
    }

    Card {
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.topBar
        width: Theme.column
        height: actions.y - y - Theme.gap
        visible: !Theme.portrait && height > Theme.dp(60)
        color: screen.bill.verdictTone === "saving" ? Theme.saving : screen.bill.verdictTone === "warning" ? Theme.warningSoft : Theme.card

        Column {
            width: parent.width - 2 * Theme.pad
            anchors.centerIn: parent
            spacing: Theme.dp(12)

            Icon {
                name: screen.bill.verdictTone === "saving" ? "check" : screen.bill.verdictTone === "warning" ? "warning" : "bill"
                tint: screen.bill.verdictTone === "saving" ? Theme.savingInk : screen.bill.verdictTone === "warning" ? Theme.warning : Theme.brand
                size: Theme.dp(Theme.largeText ? 40 : 64)
                anchors.horizontalCenter: parent.horizontalCenter
            }

            TernText {
                text: screen.bill.verdict
                visible: text !== ""
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                Accessible.role: Accessible.StaticText
                Accessible.name: text
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
            label: screen.letters ? Words.say("action.digits") : Words.say("action.letters")
            iconName: "keypad"
            Layout.fillWidth: true
            onActivated: screen.letters = !screen.letters
        }

        TernButton {
            label: Words.say("action.back")
            iconName: "back"
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }

        TernButton {
            kind: "primary"
            label: Words.say("action.continue")
            available: screen.typed !== ""
            Layout.fillWidth: true
            onActivated: screen.bill.giveNumber(screen.typed)
        }
    }
}
