pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

// What lies before the person at the bench: one of `names` at a time. Their words are `bench.tab.*`.
RowLayout {
    id: row

    required property list<string> names
    property string current: names[0]

    spacing: 4
    uniformCellSizes: true

    Repeater {
        model: row.names

        BenchButton {
            required property string modelData
            readonly property bool shown: row.current === modelData

            label: Words.say(`bench.tab.${modelData}`)
            ground: shown ? BenchTheme.accent : BenchTheme.key
            ink: shown ? BenchTheme.accentInk : BenchTheme.ink
            textSize: BenchTheme.body
            Accessible.selected: shown
            Layout.fillWidth: true
            onActivated: row.current = modelData
        }
    }
}
