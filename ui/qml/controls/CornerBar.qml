import QtQuick
import Tern
import ".."

// Language, easier to use, help: the same corner on every screen.
Row {
    id: bar

    required property Till till

    spacing: Theme.dp(16)

    TernButton {
        iconName: Theme.largeText && !Theme.portrait ? "" : "language"
        label: Words.bridge ? Words.bridge.languageName : ""
        corner: height / 2
        onActivated: bar.till.openOverlay("language")
    }

    TernButton {
        iconName: Theme.largeText && !Theme.portrait ? "" : "accessibility"
        label: Words.say("action.easier")
        corner: height / 2
        onActivated: bar.till.openOverlay("easier")
    }

    TernButton {
        iconName: Theme.largeText && !Theme.portrait ? "" : "help"
        label: Words.say("action.help")
        corner: height / 2
        onActivated: bar.till.openOverlay("help")
    }
}
