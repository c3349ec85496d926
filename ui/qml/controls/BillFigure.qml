import QtQuick
import ".."

// A bill, and who is paid by it.
Item {
    id: figure

    property string payee

    Column {
        width: parent.width
        spacing: Theme.dp(16)
        anchors.centerIn: parent

        Icon {
            name: "bill"
            tint: Theme.brand
            size: Math.max(1, Math.min(Theme.dp(140), figure.height - words.implicitHeight - Theme.dp(16)))
            visible: size > Theme.dp(40)
            anchors.horizontalCenter: parent.horizontalCenter
        }

        TernText {
            id: words
            text: figure.payee
            width: parent.width
            font.weight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
            maximumLineCount: Math.max(1, Math.floor(figure.height / (Theme.body * 1.3)))
            elide: Text.ElideRight
        }
    }
}
