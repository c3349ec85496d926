import QtQuick
import QtQuick.Layouts
import ".."

// What a button shows: a sign, a label with a line of detail, and where it leads.
Item {
    id: face

    property string label
    property string detail
    property string iconName
    property color ink: Theme.ink
    property int textSize: Theme.body
    property bool heavy: false
    property bool leading: false
    property bool chevron: false

    implicitWidth: row.implicitWidth
    implicitHeight: row.implicitHeight

    RowLayout {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        anchors.horizontalCenter: parent.horizontalCenter
        width: face.leading ? parent.width : Math.min(implicitWidth, parent.width)
        spacing: Theme.dp(12)

        Icon {
            // In large text a word may need the whole width; the sign beside it is what goes.
            name: Theme.largeText && !Theme.portrait && !face.heavy && !face.leading && face.label.length > 14 ? "" : face.iconName
            tint: face.ink
            size: Math.max(Theme.dp(28), Math.round(face.textSize * 1.2))
            Layout.alignment: Qt.AlignVCenter
        }

        ColumnLayout {
            spacing: 0
            visible: face.label !== ""
            Layout.fillWidth: true

            TernText {
                text: face.label
                color: face.ink
                font.pixelSize: face.textSize
                font.weight: face.heavy ? Font.Bold : Font.DemiBold
                horizontalAlignment: face.leading ? Text.AlignLeft : Text.AlignHCenter
                lineHeight: 0.95
                Layout.fillWidth: true
            }

            TernText {
                text: face.detail
                visible: face.detail !== ""
                color: face.ink
                font.pixelSize: Theme.hint
                horizontalAlignment: face.leading ? Text.AlignLeft : Text.AlignHCenter
                Layout.fillWidth: true
            }
        }

        Icon {
            name: face.chevron ? "chevron-right" : ""
            tint: face.ink
            size: Theme.dp(22)
            mirror: Words.rtl
            Layout.alignment: Qt.AlignVCenter
        }
    }
}
