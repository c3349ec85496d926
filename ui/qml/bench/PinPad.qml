pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

// The keys of a payment terminal: digits, and red, yellow, green with the signs they bear.
GridLayout {
    id: pad

    readonly property list<string> keys: ["1", "2", "3", "red", "4", "5", "6", "yellow", "7", "8", "9", "green", "0"]

    signal pressed(key: string)

    columns: 4
    columnSpacing: 4
    rowSpacing: 4
    uniformCellWidths: true
    LayoutMirroring.enabled: false

    Repeater {
        model: pad.keys

        BenchButton {
            required property string modelData
            readonly property bool digit: modelData.length === 1

            label: digit ? modelData : modelData === "red" ? "✕" : modelData === "yellow" ? "←" : "✓"
            spoken: digit ? modelData : Words.say(`bench.payment.${modelData}`)
            ground: digit ? BenchTheme.key : modelData === "red" ? BenchTheme.red : modelData === "yellow" ? BenchTheme.yellow : BenchTheme.green
            ink: digit ? BenchTheme.ink : modelData === "yellow" ? BenchTheme.alarmInk : "#FFFFFF"
            textSize: BenchTheme.head
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.columnSpan: modelData === "0" ? 3 : 1
            Layout.rowSpan: modelData === "green" ? 2 : 1
            onActivated: pad.pressed(modelData)
        }
    }
}
