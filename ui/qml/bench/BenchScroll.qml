import QtQuick
import QtQuick.Templates as T

// A thin bar that shows how far down one is.
T.ScrollBar {
    id: bar

    implicitWidth: 6
    padding: 1
    visible: size < 1

    contentItem: Rectangle {
        implicitWidth: 4
        radius: 2
        color: BenchTheme.line
    }
}
