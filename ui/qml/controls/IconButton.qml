import QtQuick
import ".."

// A sign to press, a target wide; its label is what assistive technology says.
TernButton {
    kind: "key"
    iconOnly: true
    implicitWidth: Theme.target
    implicitHeight: Theme.target
    corner: Theme.dp(16)
}
