import QtQuick
import Tern
import ".."

// Read again, stop reading: on every screen and overlay while the terminal reads aloud.
Grid {
    id: bar

    required property Till till
    property bool upright: false

    visible: till.modes.speech
    columns: upright ? 1 : 2
    spacing: upright ? Theme.apart : Theme.dp(16)

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
