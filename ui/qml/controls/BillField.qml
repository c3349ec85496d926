import QtQuick
import ".."

// A field of a bill's number: its digits, and a sign once its check digit could be looked at.
Rectangle {
    id: field

    required property string text
    required property string verdict
    required property string sign
    property bool dense: false

    readonly property bool wrong: verdict === "wrong"
    readonly property bool good: verdict === "good"

    implicitWidth: digits.implicitWidth + (mark.visible ? mark.width + Theme.dp(4) : 0) + Theme.dp(16)
    implicitHeight: digits.implicitHeight + Theme.dp(dense ? 4 : 14)
    radius: Theme.dp(10)
    color: wrong ? Theme.warningSoft : good ? Theme.saving : Theme.card
    border.width: Theme.border
    border.color: wrong ? Theme.warning : Theme.line
    Accessible.role: Accessible.StaticText
    Accessible.name: sign === "" ? text : `${text}: ${sign}`

    TernText {
        id: digits
        text: field.text
        color: field.wrong ? Theme.warning : Theme.ink
        font.pixelSize: Theme.text(field.dense ? 22 : 30)
        font.weight: Font.DemiBold
        font.letterSpacing: 1
        wrapMode: Text.NoWrap
        anchors.left: parent.left
        anchors.leftMargin: Theme.dp(8)
        anchors.verticalCenter: parent.verticalCenter
    }

    Icon {
        id: mark
        name: field.wrong ? "warning" : field.good ? "check" : ""
        tint: field.wrong ? Theme.warning : Theme.savingInk
        size: Theme.dp(20)
        anchors.left: digits.right
        anchors.leftMargin: Theme.dp(4)
        anchors.verticalCenter: parent.verticalCenter
    }
}
