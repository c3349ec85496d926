pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// The basket: the newest line on top, the others below, the total and the ways on beside or beneath.
TernScreen {
    id: screen

    readonly property BasketModel basket: till.basket

    TextMetrics {
        id: word
        text: Words.say("action.undo")
        font.family: Theme.family
        font.pixelSize: Theme.body
        font.weight: Font.DemiBold
    }

    NewestCard {
        id: newest
        till: screen.till
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.lowReach ? Theme.reachTop - (height - Theme.target - Theme.dp(16)) : Theme.topBar
        width: screen.areaWidth
        height: visible ? implicitHeight : 0
    }

    ListPanel {
        id: list
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: newest.y + newest.height + (newest.visible ? Theme.dp(18) : 0)
        width: screen.areaWidth
        height: (Theme.portrait ? panel.y - Theme.dp(18) : Theme.contentBottom) - y
        model: screen.basket.lines
        delegate: LineCard {
            width: ListView.view.width
            onCounted: (lineId, count) => screen.till.setCount(lineId, count)
            onRemoved: lineId => screen.till.remove(lineId)
        }
    }

    TernText {
        text: screen.till.sells ? Words.say("screen.basket.empty") : Words.say("screen.basket.no-bills")
        visible: !newest.visible
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.topBar + Theme.dp(40)
        width: screen.areaWidth
        color: Theme.soft
        font.pixelSize: Theme.text(28)
    }

    Card {
        id: panel
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - height
        width: Theme.column
        height: Theme.portrait || Theme.lowReach ? inside.implicitHeight + 2 * Theme.pad : screen.columnBottom - Theme.topBar

        TotalPanel {
            id: inside
            till: screen.till
            anchors.fill: parent
            anchors.margins: Theme.pad
            anchors.topMargin: Theme.largeText && !Theme.portrait ? Theme.dp(12) : Theme.pad
        }
    }

    TernButton {
        iconName: "undo"
        label: Words.say("action.undo")
        visible: screen.basket.canUndo
        iconOnly: word.width + Theme.dp(100) > screen.areaWidth - Theme.cornerWidth - Theme.apart
        corner: height / 2
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin + screen.areaWidth - width
        y: Theme.cornerTop
        onActivated: screen.till.undo()
    }
}
