pragma ComponentBehavior: Bound

import QtQuick
import ".."

// Tiles in rows, flicked or stepped.
Item {
    id: panel

    property alias model: grid.model
    property int least: Theme.dp(180)
    property int tileHeight: Theme.dp(160)
    property int pictureSize: Theme.dp(84)
    property int textSize: Theme.text(19)
    // Decided by the count, not by what is laid out: a narrower grid would be longer again.
    readonly property int whole: Math.max(1, Math.floor((width + Theme.apart) / (least + Theme.apart)))
    // Told once all rows have come: what follows from it changes the grid's width, which lays out rows, which tells the count anew.
    property int count: 0
    readonly property bool longer: Math.ceil(count / whole) * (tileHeight + Theme.apart) > height + Theme.apart + 1
    readonly property int room: width + Theme.apart - (longer ? steps.width + Theme.apart : 0)

    signal chosen(place: int, key: string)

    function counted() {
        count = grid.count;
    }

    GridView {
        id: grid
        onCountChanged: Qt.callLater(panel.counted)
        width: panel.room
        height: parent.height
        anchors.left: parent.left
        cellWidth: Math.floor(panel.room / Math.max(1, Math.floor(panel.room / (panel.least + Theme.apart))))
        cellHeight: panel.tileHeight + Theme.apart
        clip: true
        cacheBuffer: 0
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: false

        delegate: Item {
            id: cell

            required property int index
            required property string key
            required property string name
            required property string detail
            required property string picture
            required property bool chosen

            width: grid.cellWidth
            height: grid.cellHeight

            Tile {
                label: cell.name
                detail: cell.detail
                picture: cell.picture
                pictureSize: panel.pictureSize
                textSize: panel.textSize
                chosen: cell.chosen
                width: parent.width - Theme.apart
                height: parent.height - Theme.apart
                anchors.left: parent.left
                onActivated: panel.chosen(cell.index, cell.key)
            }
        }
    }

    Steps {
        id: steps
        flickable: grid
        visible: panel.longer
        anchors.right: parent.right
        height: parent.height
    }
}
