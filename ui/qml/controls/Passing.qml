import QtQuick
import Tern
import ".."

// A word in passing, over the top bar, where it covers nothing that can be touched.
Rectangle {
    id: note

    required property Till till
    readonly property color ink: till.noticeTone === "good" ? Theme.savingInk : till.noticeTone === "warning" ? Theme.warning : Theme.ink

    visible: till.notice !== ""
    x: Theme.margin
    y: Math.max(Theme.dp(4), (Theme.topBar - height) / 2 - Theme.dp(2))
    width: Theme.window.width - 2 * Theme.margin
    height: Math.min(Theme.topBar - Theme.dp(6), Math.max(Theme.dp(60), words.implicitHeight + Theme.dp(16)))
    radius: Theme.dp(20)
    color: till.noticeTone === "good" ? Theme.saving : till.noticeTone === "warning" ? Theme.warningSoft : Theme.card
    border.width: Theme.border
    border.color: ink

    Accessible.role: Accessible.AlertMessage
    Accessible.name: till.notice

    Icon {
        id: sign
        name: note.till.noticeTone === "good" ? "check" : note.till.noticeTone === "warning" ? "warning" : "info"
        tint: note.ink
        anchors.left: parent.left
        anchors.leftMargin: Theme.pad
        anchors.verticalCenter: parent.verticalCenter
    }

    TernText {
        id: words
        text: note.till.notice
        color: note.ink
        font.weight: Font.DemiBold
        lineHeight: 0.95
        maximumLineCount: 2
        elide: Text.ElideRight
        anchors.left: sign.right
        anchors.leftMargin: Theme.dp(14)
        anchors.right: parent.right
        anchors.rightMargin: Theme.pad
        anchors.verticalCenter: parent.verticalCenter
    }
}
