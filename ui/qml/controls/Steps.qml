import QtQuick
import ".."

// Up and down by a page: no gesture is the only way. Where two keys find no room one above the other, one goes round.
Item {
    id: steps

    required property Flickable flickable
    readonly property real last: Math.max(0, flickable.contentHeight - flickable.height)
    readonly property real page: flickable.height * 0.8

    readonly property bool single: height < 2 * Theme.targetLeast + Theme.apart
    readonly property bool atEnd: flickable.contentY - flickable.originY >= last - 1

    width: Theme.dp(66)

    function down() {
        const end = flickable.originY + last;
        flickable.contentY = single && atEnd ? flickable.originY : Math.min(end, flickable.contentY + page);
    }

    IconButton {
        iconName: "chevron-up"
        kind: "secondary"
        implicitWidth: steps.width
        label: Words.say("action.previous")
        available: steps.flickable.contentY - steps.flickable.originY > 1
        visible: !steps.single
        implicitHeight: Math.min(Theme.target, (steps.height - Theme.apart) / 2)
        anchors.top: parent.top
        onActivated: steps.flickable.contentY = Math.max(steps.flickable.originY, steps.flickable.contentY - steps.page)
    }

    IconButton {
        iconName: "chevron-down"
        kind: "secondary"
        implicitWidth: steps.width
        label: Words.say("action.next")
        available: steps.single || !steps.atEnd
        implicitHeight: steps.single ? Math.max(Theme.targetLeast, Math.min(Theme.target, steps.height)) : Math.min(Theme.target, (steps.height - Theme.apart) / 2)
        anchors.bottom: parent.bottom
        onActivated: steps.down()
    }
}
