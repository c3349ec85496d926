import QtQuick
import ".."

// A drawn sign in one colour.
Image {
    property string name
    property color tint: Theme.ink
    property int size: Theme.dp(28)

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: Theme.icon(name, tint)
    visible: name !== ""
}
