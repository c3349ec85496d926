import QtQuick
import QtQuick.Layouts
import ".."

// A sheet over the screen: a title, what it asks, and a way out that is always there.
FocusScope {
    id: dialog

    property string title
    property string text
    property string closeLabel: Words.say("action.close")
    property bool closable: true
    default property alias content: body.data

    signal closed

    anchors.fill: parent
    Accessible.role: Accessible.Dialog
    Accessible.name: title
    Keys.onEscapePressed: dialog.closed()

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim

        TapHandler {}
        HoverHandler {}
    }

    Card {
        width: Theme.overlayWidth
        height: Math.min(column.implicitHeight + 2 * Theme.dp(32), parent.height - 2 * Theme.footer)
        radius: Theme.dp(28)
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.lowReach || Theme.portrait ? Theme.footer : Math.max(Theme.footer, (parent.height - height) / 2)

        ColumnLayout {
            id: column
            anchors.fill: parent
            anchors.margins: Theme.dp(32)
            spacing: Theme.dp(16)

            TernText {
                text: dialog.title
                font.pixelSize: Theme.text(34)
                font.weight: Font.Bold
                Layout.fillWidth: true
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }

            TernText {
                text: dialog.text
                visible: text !== ""
                color: Theme.soft
                font.pixelSize: Theme.text(24)
                Layout.fillWidth: true
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }

            ColumnLayout {
                id: body
                spacing: Theme.gap
                Layout.fillWidth: true
                Layout.fillHeight: true
            }

            TernButton {
                label: dialog.closeLabel
                visible: dialog.closable
                kind: "quiet"
                Layout.fillWidth: true
                onActivated: dialog.closed()
            }
        }
    }
}
