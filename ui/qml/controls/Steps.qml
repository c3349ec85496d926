import QtQuick
import ".."

// Up and down by a page: no gesture is the only way.
Item {
    id: steps

    required property Flickable flickable
    readonly property real last: Math.max(0, flickable.contentHeight - flickable.height)
    readonly property real page: flickable.height * 0.8

    width: Theme.dp(66)

    IconButton {
        iconName: "chevron-up"
        kind: "secondary"
        implicitWidth: steps.width
        label: Words.say("action.previous")
        available: steps.flickable.contentY - steps.flickable.originY > 1
        anchors.top: parent.top
        onActivated: steps.flickable.contentY = Math.max(steps.flickable.originY, steps.flickable.contentY - steps.page)
    }

    IconButton {
        iconName: "chevron-down"
        kind: "secondary"
        implicitWidth: steps.width
        label: Words.say("action.next")
        available: steps.flickable.contentY - steps.flickable.originY < steps.last - 1
        anchors.bottom: parent.bottom
        onActivated: steps.flickable.contentY = Math.min(steps.flickable.originY + steps.last, steps.flickable.contentY + steps.page)
    }
}
