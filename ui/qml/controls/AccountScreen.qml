import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// An account that is open: what it is, how fresh, a list; the ways on at the right, leaving always the last of them.
TernScreen {
    id: screen

    property string title
    property string hint
    property alias model: list.model
    default property alias ways: others.data

    signal chosen(kind: string, at: int)

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar
        width: screen.areaWidth
        spacing: Theme.dp(6)

        TernText {
            text: screen.title
            font.pixelSize: Theme.text(Theme.largeText && !Theme.portrait ? 34 : 40)
            font.weight: Font.Bold
            width: parent.width
            maximumLineCount: 2
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: screen.hint
            visible: text !== "" && !screen.till.account.isCopy
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Chip {
            label: screen.till.account.isCopy ? screen.hint : ""
            tone: "warning"
            width: Math.min(implicitWidth, parent.width)
            Accessible.role: Accessible.AlertMessage
            Accessible.name: label
        }
    }

    AccountList {
        id: list
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Math.max(words.y + words.height + Theme.gap, Theme.lowReach ? Theme.reachTop : 0)
        width: screen.areaWidth
        height: Math.max(Theme.target, (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - y)
        onChosen: (kind, at) => screen.chosen(kind, at)
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        ColumnLayout {
            id: others
            spacing: Theme.gap
            Layout.fillWidth: true
        }

        TernButton {
            kind: "primary"
            label: Words.say("action.account-leave")
            implicitHeight: Theme.lowReach && !Theme.portrait ? Theme.target : Theme.primaryHeight
            Layout.fillWidth: true
            onActivated: screen.till.account.leave()
        }
    }
}
