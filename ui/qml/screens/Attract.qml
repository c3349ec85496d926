import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Nobody is here yet: one invitation. The first scan starts the sale; the rest is for those who have nothing to scan.
TernScreen {
    id: screen

    Column {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(Theme.portrait ? 88 : 72)
        width: screen.areaWidth
        spacing: Theme.dp(20)

        TernText {
            text: Words.sayWith("screen.attract.welcome", { name: Theme.look ? Theme.look.retailer : "" })
            color: Theme.soft
            font.pixelSize: Theme.text(Theme.portrait ? 34 : 28)
            width: parent.width
        }

        TernText {
            text: Words.say("screen.attract.title")
            font.pixelSize: Theme.text(Theme.portrait ? 92 : 72)
            font.weight: Font.Black
            font.letterSpacing: -1.5
            lineHeight: 1.02
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: screen.till.canCharge ? Words.say("screen.attract.hint") : Words.say("screen.pay.no-card-now")
            color: screen.till.canCharge ? Theme.soft : Theme.warning
            font.pixelSize: Theme.text(Theme.portrait ? 32 : 26)
            width: parent.width
            topPadding: Theme.dp(8)
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    Card {
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.portrait ? Theme.dp(760) : Theme.topBar
        width: Theme.column
        height: ways.y - y - Theme.gap

        ScanFigure {
            anchors.centerIn: parent
            height: Math.min(Theme.dp(Theme.portrait ? 600 : 400), parent.height - Theme.dp(56))
        }
    }

    ColumnLayout {
        id: ways
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        TernButton {
            label: Words.say("action.produce")
            iconName: "leaf"
            chevron: true
            Layout.fillWidth: true
            onActivated: screen.till.open("picker")
        }

        TernButton {
            label: Words.say("screen.attract.held")
            iconName: "hold"
            chevron: true
            Layout.fillWidth: true
            onActivated: screen.till.open("keypad")
        }
    }
}
