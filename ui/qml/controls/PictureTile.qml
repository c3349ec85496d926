import QtQuick
import ".."

// An article's picture on its own soft ground.
Rectangle {
    property string name
    property int size: Theme.dp(56)

    width: size
    height: size
    radius: size > Theme.dp(80) ? Theme.dp(20) : Theme.dp(14)
    color: "transparent"

    Image {
        anchors.fill: parent
        sourceSize: Qt.size(parent.width, parent.height)
        source: Theme.picture(parent.name)
    }
}
