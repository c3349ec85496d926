import QtQuick
import Tern
import ".."

// A word in passing, above the corner: what was just done, or that staff are coming.
Rectangle {
    id: note

    required property Till till
    readonly property string words: till.notice !== "" ? till.notice : till.staffCalled ? Words.say("notice.staff-called") : ""
    readonly property string tone: till.notice === "" ? "warning" : till.noticeTone
    readonly property color ink: tone === "good" ? Theme.savingInk : tone === "warning" ? Theme.warning : Theme.ink

    visible: words !== ""
    width: Math.min(face.implicitWidth + Theme.dp(48), Theme.portrait ? Theme.window.width - 2 * Theme.margin : Theme.window.width - 3 * Theme.margin - Theme.column)
    height: Math.max(Theme.dp(52), face.implicitHeight + Theme.dp(16))
    anchors.left: parent?.left
    anchors.leftMargin: Theme.margin
    y: Theme.contentBottom - height + Theme.dp(6)
    radius: Theme.dp(20)
    color: tone === "good" ? Theme.saving : tone === "warning" ? Theme.warningSoft : Theme.card
    border.width: Theme.border
    border.color: ink

    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Row {
        id: face
        spacing: Theme.dp(12)
        anchors.centerIn: parent

        Icon {
            name: note.tone === "good" ? "check" : note.tone === "warning" ? "person" : "info"
            tint: note.ink
            anchors.verticalCenter: parent.verticalCenter
        }

        TernText {
            text: note.words
            color: note.ink
            font.weight: Font.DemiBold
            width: Math.min(implicitWidth, Theme.window.width - 3 * Theme.margin - (Theme.portrait ? 0 : Theme.column) - Theme.dp(90))
            anchors.verticalCenter: parent.verticalCenter
        }
    }
}
