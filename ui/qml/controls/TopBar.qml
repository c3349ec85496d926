import QtQuick
import Tern
import ".."

// Whose terminal it is, where the shopper is, and how the terminal is.
Item {
    id: bar

    required property Till till

    height: Theme.topBar

    TernText {
        id: retailer
        text: Theme.look ? Theme.look.retailer : ""
        visible: logo.status !== Image.Ready
        color: Theme.brand
        font.pixelSize: Theme.dp(30)
        font.weight: Font.Bold
        wrapMode: Text.NoWrap
        elide: Text.ElideRight
        width: Math.min(implicitWidth, steps.visible ? (bar.width - steps.width) / 2 - Theme.margin - Theme.dp(16) : bar.width / 2)
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: -Theme.dp(2)
    }

    Image {
        id: logo
        source: Theme.look ? Theme.look.logo : ""
        fillMode: Image.PreserveAspectFit
        horizontalAlignment: Image.AlignLeft
        height: Theme.dp(48)
        width: Theme.dp(260)
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
    }

    StepBar {
        id: steps
        current: bar.till.step
        visible: current > 0
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -Theme.dp(2)
    }

    Row {
        spacing: Theme.dp(10)
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: -Theme.dp(2)

        Icon {
            name: bar.till.terminalState === "ready" ? "" : bar.till.terminalState === "help" ? "person" : "warning"
            tint: Theme.warning
            size: Theme.dp(24)
            anchors.verticalCenter: parent.verticalCenter
        }

        Rectangle {
            width: Theme.dp(12)
            height: width
            radius: width / 2
            color: Theme.success
            visible: bar.till.terminalState === "ready"
            anchors.verticalCenter: parent.verticalCenter
        }

        TernText {
            text: bar.till.terminalState === "ready" ? bar.till.terminalName : bar.till.terminalState === "help" ? Words.say("shell.help") : bar.till.terminalState === "offline" ? Words.say("shell.offline") : Words.say("shell.attention")
            color: bar.till.terminalState === "ready" ? Theme.soft : Theme.warning
            font.pixelSize: Theme.hint
            wrapMode: Text.NoWrap
            visible: !Theme.largeText || bar.till.terminalState !== "ready"
            anchors.verticalCenter: parent.verticalCenter
        }
    }
}
