import QtQuick
import ".."

// A list that can be flicked, and stepped with big buttons that appear where it is longer than its place.
Item {
    id: panel

    property alias model: list.model
    property alias delegate: list.delegate
    property alias view: list
    readonly property bool longer: list.contentHeight > height + 1

    ListView {
        id: list
        anchors.fill: parent
        anchors.rightMargin: panel.longer ? steps.width + Theme.apart : 0
        spacing: Theme.apart
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 0
        keyNavigationEnabled: false

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
