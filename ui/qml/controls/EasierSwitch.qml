import QtQuick
import QtQuick.Layouts
import ".."

// A way of making the terminal easier: on or off, said in a word.
TernButton {
    role: "switch"
    leading: true
    detail: chosen ? Words.say("screen.easier.on") : Words.say("screen.easier.off")
    padding_: Theme.dp(20)
    Layout.fillWidth: true
    Layout.fillHeight: true
}
