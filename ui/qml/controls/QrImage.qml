import QtQuick
import Tern
import ".."

// A QR code on a white ground, its quiet zone of four modules included (ISO/IEC 18004, 9.1).
QrModules {
    property string name

    Accessible.role: Accessible.Graphic
    Accessible.name: name
}
