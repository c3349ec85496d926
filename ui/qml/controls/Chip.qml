import QtQuick
import ".."

// A word or two on a soft ground, with a sign, so that the colour never says it alone.
Rectangle {
    id: chip

    property string label
    property string tone: "saving"
    property string iconName: tone === "saving" ? "coupon" : tone === "warning" ? "warning" : tone === "error" ? "error" : "info"
    readonly property color ink: tone === "saving" ? Theme.savingInk : tone === "warning" ? Theme.warning : tone === "error" ? Theme.error : Theme.soft

    implicitWidth: words.implicitWidth + sign.width + Theme.dp(32)
    implicitHeight: Math.max(Theme.dp(34), words.implicitHeight + Theme.dp(8))
    radius: Theme.dp(17)
    color: tone === "saving" ? Theme.saving : tone === "warning" ? Theme.warningSoft : tone === "error" ? Theme.errorSoft : Theme.key
    border.width: Theme.highContrast ? Theme.border : 0
    border.color: Theme.line
    visible: label !== ""

    Icon {
        id: sign
        name: chip.iconName
        tint: chip.ink
        size: Theme.dp(18)
        anchors.left: parent.left
        anchors.leftMargin: Theme.dp(12)
        anchors.verticalCenter: parent.verticalCenter
    }

    TernText {
        id: words
        text: chip.label
        color: chip.ink
        font.pixelSize: Theme.text(17)
        font.weight: Font.DemiBold
        anchors.left: sign.right
        anchors.leftMargin: Theme.dp(8)
        anchors.right: parent.right
        anchors.rightMargin: Theme.dp(12)
        anchors.verticalCenter: parent.verticalCenter
    }
}
