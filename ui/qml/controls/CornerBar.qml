import QtQuick
import Tern
import ".."

// Language, easier to use, help: the same corner on every screen.
Row {
    id: bar

    required property Till till
    // What is read aloud needs no words on it; they give way to the keys of the voice beside them.
    readonly property bool signs: till.modes.speech && (Theme.largeText || !Theme.portrait)

    spacing: Theme.dp(16)

    TernButton {
        iconOnly: bar.signs
        iconName: Theme.largeText && !Theme.portrait && !bar.signs ? "" : "language"
        label: Words.bridge ? Words.bridge.languageName : ""
        corner: height / 2
        onActivated: bar.till.openOverlay("language")
    }

    TernButton {
        iconOnly: bar.signs
        iconName: Theme.largeText && !Theme.portrait && !bar.signs ? "" : "accessibility"
        label: Words.say("action.easier")
        corner: height / 2
        onActivated: bar.till.openOverlay("easier")
    }

    TernButton {
        iconOnly: bar.signs
        iconName: Theme.largeText && !Theme.portrait && !bar.signs ? "" : "help"
        label: Words.say("action.help")
        corner: height / 2
        onActivated: bar.till.openOverlay("help")
    }
}
