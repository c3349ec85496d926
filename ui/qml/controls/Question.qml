import QtQuick
import QtQuick.Layouts
import ".."

// One question: what happened, what to do, a picture of it; the ways on at the right, the first of them always at the same place.
TernScreen {
    id: question

    property string title
    property string text
    property string hint
    property string iconName
    property string tone: "plain"
    property string primaryLabel
    property string primaryIcon
    property bool primaryAvailable: true
    property bool busy: false
    default property alias ways: others.data
    property alias extra: below.data
    property alias figure: art.data

    signal confirmed

    readonly property color ground: tone === "good" ? Theme.saving : tone === "warning" ? Theme.warningSoft : tone === "error" ? Theme.errorSoft : Theme.card
    readonly property color sign: tone === "good" ? Theme.savingInk : tone === "warning" ? Theme.warning : tone === "error" ? Theme.error : Theme.brand

    ColumnLayout {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.portrait ? figureCard.y + figureCard.height + Theme.dp(40) : Theme.topBar + Theme.dp(44)
        width: question.areaWidth
        spacing: Theme.dp(18)

        TernText {
            text: question.title
            font.pixelSize: Theme.title
            font.weight: Font.Bold
            lineHeight: 1.05
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: question.text
            visible: text !== ""
            font.pixelSize: Theme.text(28)
            lineHeight: 1.15
            maximumLineCount: 7
            elide: Text.ElideRight
            Layout.fillWidth: true
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            text: question.hint
            visible: text !== ""
            color: Theme.soft
            Layout.fillWidth: true
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Dots {
            visible: question.busy
            Layout.topMargin: Theme.dp(12)
        }

        Item {
            id: below
            implicitHeight: childrenRect.height
            Layout.fillWidth: true
        }
    }

    Card {
        id: figureCard
        anchors.left: parent.left
        anchors.leftMargin: question.columnLeft
        y: Theme.topBar
        width: Theme.portrait ? question.areaWidth : Theme.column
        height: Theme.portrait ? Math.min(Theme.dp(460), Math.max(0, actions.y - Theme.topBar - words.implicitHeight - Theme.dp(80))) : actions.y - y - Theme.gap
        visible: height > Theme.dp(90)
        color: question.ground

        Icon {
            name: question.iconName
            tint: question.sign
            size: Math.min(Theme.dp(200), parent.height - Theme.dp(40))
            anchors.centerIn: parent
        }

        Item {
            id: art
            anchors.fill: parent
            anchors.margins: Theme.pad
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: question.columnLeft
        y: question.columnBottom - implicitHeight
        width: Theme.portrait ? question.areaWidth : Theme.column
        spacing: Theme.gap

        ColumnLayout {
            id: others
            spacing: Theme.gap
            Layout.fillWidth: true
        }

        TernButton {
            kind: "primary"
            label: question.primaryLabel
            iconName: question.primaryIcon
            available: question.primaryAvailable
            visible: label !== ""
            Layout.fillWidth: true
            onActivated: question.confirmed()
        }
    }
}
