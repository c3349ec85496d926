pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

// The services of the terminal, a large key each, in the site's order: two beside one another where there is room.
GridLayout {
    id: tiles

    // They are what the screen is for, not what is beside it.
    property bool prominent: false
    property alias model: all.model
    readonly property int count: all.count

    signal chosen(string service)

    columns: count > 1 ? 2 : 1
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap
    visible: count > 0

    Repeater {
        id: all

        TernButton {
            required property string key
            required property string name
            required property string picture

            label: name
            iconName: picture
            chevron: true
            textSize: tiles.prominent ? Theme.lead : Theme.body
            Layout.minimumHeight: tiles.prominent && !Theme.largeText ? Theme.primaryHeight : 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            onActivated: tiles.chosen(key)
        }
    }
}
