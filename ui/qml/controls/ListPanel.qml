import QtQuick
import ".."

// A list that can be flicked, and stepped with big buttons that appear where it is longer than its place.
Item {
    id: panel

    property alias model: list.model
    property alias delegate: list.delegate
    property alias view: list
    // Measured afterwards and not bound: rows are as high as their width lets them be, and that depends on whether the steps are there.
    property bool longer: false

    function measure() {
        longer = list.contentHeight > height + 1;
    }

    onHeightChanged: Qt.callLater(measure)

    ListView {
        id: list
        anchors.fill: parent
        anchors.rightMargin: panel.longer ? steps.width + Theme.apart : 0
        spacing: Theme.apart
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 0
        keyNavigationEnabled: false
        onContentHeightChanged: Qt.callLater(panel.measure)

        add: Transition {
            NumberAnimation {
                property: "y"
                from: -Theme.dp(40)
                duration: Theme.calm
                easing.type: Easing.OutCubic
            }
        }

        displaced: Transition {
            NumberAnimation {
                property: "y"
                duration: Theme.calm
                easing.type: Easing.OutCubic
            }
        }
    }

    Steps {
        id: steps
        flickable: list
        visible: panel.longer
        anchors.right: parent.right
        height: parent.height
    }
}
