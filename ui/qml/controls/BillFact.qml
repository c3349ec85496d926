import QtQuick
import ".."

// One thing that a bill says: what it is, and the bill's own word for it.
Item {
    id: fact

    required property string name
    required property string text

    implicitHeight: words.implicitHeight + Theme.dp(14)
    Accessible.role: Accessible.StaticText
    Accessible.name: `${name}: ${text}`

    Column {
        id: words
        width: parent.width
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.dp(1)

        TernText {
            text: fact.name
            width: parent.width
            color: Theme.soft
            font.pixelSize: Theme.hint
        }

        TernText {
            text: fact.text
            width: parent.width
            font.weight: Font.DemiBold
            maximumLineCount: 3
            elide: Text.ElideRight
        }
    }
}
