import QtQuick
import ".."

// The only text there is: never markup, whatever it says.
Text {
    textFormat: Text.PlainText
    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.body
    wrapMode: Text.Wrap
    renderType: Text.QtRendering
}
