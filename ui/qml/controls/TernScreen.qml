import QtQuick
import Tern
import ".."

// What every screen is: a drawing of the till in the space between the top bar and the corner, with a column at the right (landscape)
// or below (portrait) that holds the actions.
FocusScope {
    id: screen

    required property Till till

    readonly property int columnLeft: Theme.portrait ? Theme.margin : width - Theme.margin - Theme.column
    readonly property int columnBottom: Theme.portrait ? Theme.contentBottom : height - Theme.footer
    readonly property int areaWidth: Theme.portrait ? width - 2 * Theme.margin : columnLeft - Theme.margin - Theme.dp(32)

    width: Theme.window.width
    height: Theme.window.height
    focus: true
}
