import QtQuick
import Tern
import ".."

// Read again, stop reading: on every screen and overlay while the terminal reads aloud.
Rectangle {
    id: bar

    required property Till till
    property bool upright: false
    readonly property int edge: upright ? Theme.apart : 0

    visible: till.modes.speech
    width: keys.width + 2 * edge
    height: keys.height + 2 * edge
    radius: Theme.target / 2 + edge
    // Over an overlay's shade the dark ring of the focus needs light ground.
    color: upright ? Theme.paper : "transparent"

    Grid {
        id: keys
        columns: bar.upright ? 1 : 2
        spacing: bar.upright ? Theme.apart : Theme.dp(16)
        anchors.centerIn: parent

        TernButton {
            iconName: "repeat"
            label: Words.say("action.read-again")
            iconOnly: true
            corner: height / 2
            onActivated: bar.till.voice.repeat()
        }

        TernButton {
            iconName: "sound-off"
            label: Words.say("action.stop-reading")
            iconOnly: true
            corner: height / 2
            onActivated: bar.till.voice.stop()
        }
    }
}
