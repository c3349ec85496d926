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
    property string scene
    property string tone: "plain"
    property string primaryLabel
    property string primaryIcon
    property bool busy: false
    // What the picture shows is what the screen is for (a code to photograph): it takes most of the place.
    property bool wide: false
    property int extraHeight: 0
    default property alias ways: others.data
    property alias extra: below.data
    property alias figure: art.data

    readonly property bool broad: wide && !Theme.portrait
    readonly property color ground: tone === "good" ? Theme.saving : tone === "warning" ? Theme.warningSoft : tone === "error" ? Theme.errorSoft : Theme.card
    readonly property color sign: tone === "good" ? Theme.savingInk : tone === "warning" ? Theme.warning : tone === "error" ? Theme.error : Theme.brand
    readonly property int spare: Math.max(0, Theme.contentBottom - Theme.topBar - words.implicitHeight - extraHeight)

    signal confirmed

    ColumnLayout {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Math.max(Theme.portrait ? figureCard.y + figureCard.height + Theme.dp(44) : Theme.topBar + Math.round(question.spare * (question.extraHeight > 0 ? 0.1 : 0.36)), question.extraHeight > 0 && Theme.lowReach ? Theme.reachTop - implicitHeight : 0)
        width: question.broad ? figureCard.anchors.leftMargin - Theme.margin - Theme.dp(32) : question.areaWidth
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
            maximumLineCount: 6
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
    }

    Item {
        id: below
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: words.y + words.implicitHeight + Theme.dp(18)
        width: question.areaWidth
        height: Math.max(0, (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - y)
    }

    Card {
        id: figureCard
        anchors.left: parent.left
        anchors.leftMargin: question.broad ? Math.round(Theme.window.width * 0.5) : question.columnLeft
        y: Theme.topBar
        width: question.broad ? Theme.window.width - Theme.margin - anchors.leftMargin : Theme.column
        height: !Theme.portrait ? actions.y - y - Theme.gap : Math.max(0, Math.min(Theme.dp(question.wide ? 900 : 600), actions.y - Theme.topBar - words.implicitHeight - question.extraHeight - Theme.dp(120)))
        visible: height > Theme.dp(90)
        color: question.ground

        Image {
            source: Theme.scene(question.scene)
            visible: question.scene !== ""
            sourceSize: Qt.size(Math.max(1, Math.min(width, Theme.dp(520))), Math.max(1, Math.min(height, Theme.dp(400))))
            fillMode: Image.Pad
            anchors.fill: parent
            anchors.margins: Theme.dp(28)
        }

        Icon {
            name: question.scene === "" ? question.iconName : ""
            tint: question.sign
            size: Math.max(1, Math.min(Theme.dp(200), parent.height - Theme.dp(40)))
            anchors.centerIn: parent
        }

        Item {
            id: art
            anchors.fill: parent
            anchors.margins: question.wide ? Theme.border : Theme.pad
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: question.columnLeft
        y: question.columnBottom - implicitHeight
        width: Theme.column
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
            visible: label !== ""
            Layout.fillWidth: true
            onActivated: question.confirmed()
        }
    }
}
