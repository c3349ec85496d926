import QtQuick
import Tern
import ".."

// A QR code on white, its quiet zone of four modules included (ISO/IEC 18004, 9.1).
Rectangle {
    id: sheet

    property list<string> rows
    property string name

    color: "#FFFFFF"
    radius: Theme.radius
    border.width: Theme.border
    border.color: Theme.line

    QrModules {
        rows: sheet.rows
        anchors.fill: parent
        anchors.margins: Theme.dp(12)
    }

    Accessible.role: Accessible.Graphic
    Accessible.name: name
}
