pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// What makes the terminal easier to use, each switched at once and seen at once.
DialogPanel {
    id: dialog

    required property Till till

    title: Words.say("screen.easier.title")
    text: (Theme.largeText || Theme.lowReach) && !Theme.portrait ? "" : Words.say("screen.easier.hint")
    onClosed: dialog.till.openOverlay("")

    GridLayout {
        columns: Theme.lowReach && !Theme.portrait ? 3 : 2
        rowSpacing: Theme.apart
        columnSpacing: Theme.apart
        uniformCellWidths: true
        Layout.fillWidth: true

        EasierSwitch {
            label: Words.say("screen.easier.large-text")
            iconName: "text-size"
            chosen: Theme.largeText
            onActivated: dialog.till.setEasier("large_text", !chosen)
        }

        EasierSwitch {
            label: Words.say("screen.easier.low-reach")
            iconName: "low-reach"
            chosen: Theme.lowReach
            onActivated: dialog.till.setEasier("low_reach", !chosen)
        }

        EasierSwitch {
            label: Words.say("screen.easier.high-contrast")
            iconName: "info"
            chosen: Theme.highContrast
            onActivated: dialog.till.setEasier("high_contrast", !chosen)
        }

        EasierSwitch {
            label: Words.say("screen.easier.reduced-motion")
            iconName: "stop"
            chosen: Theme.reducedMotion
            onActivated: dialog.till.setEasier("reduced_motion", !chosen)
        }

        EasierSwitch {
            label: Words.say("screen.easier.speech")
            visible: dialog.till.voice.available
            iconName: chosen ? "sound-on" : "sound-off"
            chosen: dialog.till.modes.speech
            onActivated: dialog.till.setEasier("speech", !chosen)
        }

        EasierSwitch {
            label: Words.say("screen.easier.steady-touch")
            iconName: "hand"
            chosen: dialog.till.modes.steadyTouch
            onActivated: dialog.till.setEasier("steady_touch", !chosen)
        }
    }
}
