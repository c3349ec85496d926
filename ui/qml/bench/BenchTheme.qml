pragma Singleton

import QtQuick

// The bench is plainly a bench: dark, small, beside the kiosk. Contrasts are 4.5 to 1 or better, on `panel` and on `key`.
QtObject {
    readonly property color ground: "#171C1A"
    readonly property color panel: "#222927"
    readonly property color well: "#131715"
    readonly property color line: "#3C4743"
    readonly property color key: "#333E3A"
    readonly property color keyPressed: "#4A5853"
    readonly property color ink: "#EDF1EE"
    readonly property color soft: "#A9B6B0"
    readonly property color accent: "#8FDDB9"
    readonly property color accentInk: "#0E231B"
    readonly property color alarm: "#F2A65A"
    readonly property color alarmInk: "#2A1600"
    readonly property color lit: "#C9E5C4"
    readonly property color litInk: "#16301F"
    readonly property color paper: "#FCF9F1"
    readonly property color red: "#C53D31"
    readonly property color yellow: "#E3B93C"
    readonly property color green: "#2F8553"

    readonly property int small: 12
    readonly property int body: 13
    readonly property int head: 15
    readonly property int gap: 6
    readonly property int pad: 10
    readonly property int round: 8
    readonly property int low: 28
    readonly property int high: 40
}
