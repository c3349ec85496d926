pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import TernBench
import ".."

// The terminal's plug, what became of the terminal, and the languages of the bench.
RowLayout {
    id: bar

    required property KioskProcess power
    required property WordsBridge words

    signal spoken(language: string)

    spacing: BenchTheme.gap

    Rectangle {
        implicitWidth: 10
        implicitHeight: 10
        radius: 5
        color: bar.power.running ? BenchTheme.accent : BenchTheme.alarm
    }

    BenchText {
        text: Words.sayWith(`bench.power.${bar.power.state}`, {pid: bar.power.pid, line: bar.power.lastLine})
        maximumLineCount: 2
        elide: Text.ElideRight
        Accessible.role: Accessible.StaticText
        Accessible.name: text
        Layout.fillWidth: true
    }

    Repeater {
        model: bar.words.languages

        BenchButton {
            required property string key
            required property string name

            label: key.toUpperCase()
            spoken: name
            visible: key !== bar.words.language
            onActivated: bar.spoken(key)
        }
    }

    BenchButton {
        label: Words.say(bar.power.running ? "bench.power.pull" : "bench.power.on")
        ground: bar.power.running ? BenchTheme.red : BenchTheme.accent
        ink: bar.power.running ? "#FFFFFF" : BenchTheme.accentInk
        textSize: BenchTheme.head
        implicitHeight: BenchTheme.high
        onActivated: bar.power.running ? bar.power.pullPlug() : bar.power.powerOn()
    }
}
