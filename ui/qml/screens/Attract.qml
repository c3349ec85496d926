import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Nobody is here yet: one invitation, and the services of the terminal. The first scan starts what the code is for; the rest is for
// those who have nothing to scan.
TernScreen {
    id: screen

    readonly property bool several: services.count > 0
    readonly property string welcomeKey: screen.till.sells ? "attract" : "home"

    Column {
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(screen.several ? Theme.portrait ? 40 : 12 : Theme.portrait ? 88 : 72)
        width: screen.areaWidth
        spacing: Theme.dp(screen.several ? 12 : 20)

        TernText {
            text: Words.sayWith("screen.attract.welcome", { name: Theme.look ? Theme.look.retailer : "" })
            visible: !(screen.several && Theme.largeText && !Theme.portrait)
            color: Theme.soft
            font.pixelSize: Theme.text(Theme.portrait ? 34 : 28)
            width: parent.width
        }

        TernText {
            text: Words.say(`screen.${screen.welcomeKey}.title`)
            font.pixelSize: Theme.text(Theme.portrait ? screen.several ? 80 : 92 : screen.several ? 54 : 72)
            font.weight: Font.Black
            font.letterSpacing: -1.5
            lineHeight: 1.02
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: screen.till.canCharge ? Words.say(`screen.${screen.welcomeKey}.hint`) : Words.say("screen.pay.no-card-now")
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
        y: Theme.portrait ? Theme.dp(screen.several ? 560 : 760) : Theme.topBar
        width: Theme.column
        height: (Theme.portrait && screen.several ? services.y : ways.y) - y - Theme.gap
        visible: height > Theme.dp(120)

        ScanFigure {
            anchors.centerIn: parent
            height: Math.min(Theme.dp(Theme.portrait ? 600 : 400), parent.height - Theme.dp(56))
            bills: !screen.till.sells
        }
    }

    // The services besides scanning: beside the invitation, or between the picture and the ways on.
    ServiceTiles {
        id: services
        model: screen.till.services
        prominent: !screen.till.sells
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.portrait ? ways.y - implicitHeight - (ways.visible ? Theme.gap : 0) : Theme.contentBottom - implicitHeight
        width: screen.areaWidth
        onChosen: service => screen.till.serve(service)
    }

    ColumnLayout {
        id: ways
        visible: screen.till.sells
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - (visible ? implicitHeight : 0)
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
