pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// What of the receipt comes back; what that is worth stands beside or beneath it.
TernScreen {
    id: screen

    readonly property RefundModel refund: till.refund

    TernText {
        id: title
        text: Words.say("screen.refund-lines.title")
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.lowReach && Theme.portrait ? Theme.reachTop - implicitHeight - Theme.dp(18) : Theme.topBar
        width: screen.areaWidth
        font.pixelSize: Theme.text(Theme.largeText && !Theme.portrait ? 34 : 40)
        font.weight: Font.Bold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }

    ListPanel {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Math.max(title.y + title.implicitHeight + Theme.dp(18), Theme.lowReach ? Theme.reachTop : 0)
        width: screen.areaWidth
        height: (Theme.portrait ? panel.y - Theme.dp(18) : Theme.contentBottom) - y
        model: screen.refund.lines
        delegate: RefundLine {
            width: ListView.view.width
            onCounted: (lineId, count) => screen.refund.choose(lineId, count)
        }
    }

    Card {
        id: panel
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - height
        width: Theme.column
        height: inside.implicitHeight + 2 * Theme.pad

        ColumnLayout {
            id: inside
            anchors.fill: parent
            anchors.margins: Theme.pad
            spacing: Theme.gap

            TernText {
                text: screen.refund.total === "" ? Words.say("screen.refund-lines.none") : Words.say("screen.refund-money.title")
                color: Theme.soft
                Layout.fillWidth: true
            }

            TernText {
                text: screen.refund.total
                visible: text !== ""
                font.pixelSize: Theme.text(64)
                font.weight: Font.Black
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.dp(36)
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }

            TernButton {
                label: Words.say("action.all-of-it")
                iconName: "repeat"
                Layout.fillWidth: true
                onActivated: screen.refund.chooseAll()
            }

            TernButton {
                label: Words.say("action.to-start")
                iconName: "back"
                Layout.fillWidth: true
                onActivated: screen.till.back()
            }

            TernButton {
                label: Words.say("action.continue")
                kind: "primary"
                available: screen.refund.total !== ""
                Layout.fillWidth: true
                onActivated: screen.till.goOn()
            }
        }
    }
}
