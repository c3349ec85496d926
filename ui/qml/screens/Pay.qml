import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Three things: the amount, what to do, where. Nothing else on it but the way back and help.
TernScreen {
    id: screen

    readonly property bool removing: till.message === "remove-card"

    ColumnLayout {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(Theme.portrait ? 60 : 48)
        width: screen.areaWidth
        spacing: Theme.dp(14)

        TernText {
            text: Words.say("screen.pay.title")
            color: Theme.soft
            font.pixelSize: Theme.text(30)
        }

        TernText {
            text: screen.till.toPay
            font.pixelSize: Theme.portrait ? Theme.text(168) : Theme.amount
            font.weight: Font.Black
            font.letterSpacing: -2
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.dp(48)
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
            Accessible.name: Words.sayWith("name.amount-to-pay", { amount: text })
        }

        TernText {
            text: screen.till.instruction
            font.pixelSize: Theme.text(38)
            font.weight: Font.DemiBold
            lineHeight: 1.08
            Layout.fillWidth: true
            Layout.topMargin: Theme.dp(12)
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }

        TernText {
            text: Words.say("screen.pay.where")
            visible: !screen.till.cancelling
            color: Theme.soft
            font.pixelSize: Theme.text(23)
            Layout.fillWidth: true
            Layout.topMargin: Theme.dp(8)
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    Card {
        id: reader
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.portrait ? Theme.dp(900) : Theme.topBar
        width: Theme.column
        height: ways.y - y - Theme.gap
        radius: Theme.dp(40)

        ColumnLayout {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.pad
            spacing: Theme.dp(26)

            Image {
                source: Theme.scene(screen.removing ? "remove-card" : screen.till.message === "enter-pin" || screen.till.message === "wrong-pin" ? "insert-card" : "hold-to-reader")
                sourceSize: Qt.size(parent.width, Theme.dp(Theme.portrait ? 400 : 240))
                Layout.alignment: Qt.AlignHCenter
            }

            TernText {
                text: screen.till.cancelling ? Words.say("screen.pay.cancelling") : screen.till.waiting
                font.pixelSize: Theme.text(24)
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                Layout.fillWidth: true
            }

            Dots {
                Layout.alignment: Qt.AlignHCenter
            }
        }
    }

    ColumnLayout {
        id: ways
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column

        TernButton {
            label: Words.say("action.back-to-basket")
            iconName: "back"
            available: !screen.till.cancelling
            implicitHeight: Theme.dp(100)
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }
    }
}
