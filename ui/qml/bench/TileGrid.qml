pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Tern
import TernBench
import ".."

// Groups of tiles, two beside each other, to be moved up and down. `groupWords` comes before a group's key, `tileWords` before a tile's
// name; without it the name is shown as it is.
Flickable {
    id: grid

    required property Rows groups
    required property string groupWords
    property string tileWords: ""

    signal touched(key: string)

    contentHeight: column.height
    boundsBehavior: Flickable.StopAtBounds
    clip: true

    T.ScrollBar.vertical: BenchScroll {}

    // What has the focus is seen.
    function reveal(tile: Item) {
        const top = tile.mapToItem(column, 0, 0).y;
        contentY = Math.max(Math.min(contentY, top - 30), top + tile.height - height);
    }

    Column {
        id: column
        width: grid.width - 8
        spacing: BenchTheme.gap

        Repeater {
            model: grid.groups

            Column {
                id: group

                required property string key
                required property Rows things

                width: column.width
                spacing: 4

                BenchText {
                    text: Words.say(grid.groupWords + group.key)
                    color: BenchTheme.soft
                    font.pixelSize: BenchTheme.small
                    topPadding: 2
                }

                Grid {
                    columns: 2
                    spacing: 4

                    Repeater {
                        model: group.things

                        BenchButton {
                            required property string key
                            required property string name
                            required detail
                            required picture

                            label: grid.tileWords === "" ? name : Words.say(grid.tileWords + name)
                            width: (column.width - 4) / 2
                            height: detail === "" ? 44 : 54
                            onActivated: grid.touched(key)
                            onActiveFocusChanged: if (activeFocus) grid.reveal(this)
                        }
                    }
                }
            }
        }
    }
}
