import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// Goods without a code: a group, a picture, or a name that begins with what is typed.
TernScreen {
    id: screen

    property bool searching: false
    // In low reach the keyboard leaves no room above it: what is found stands in the column instead of the groups.
    readonly property bool beside: searching && Theme.lowReach && !Theme.portrait
    // Beside the keyboard every millimetre counts.
    readonly property int row: beside ? Theme.dp(66) : Theme.target
    readonly property int from: Theme.lowReach ? Theme.reachTop : Theme.topBar
    readonly property int shelf: beside ? Theme.reachTop : from + row + Theme.gap
    readonly property int until: beside ? actions.y - Theme.gap : searching ? board.y - Theme.gap : Theme.portrait ? groups.y - Theme.gap : Theme.contentBottom

    RowLayout {
        id: ask
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: screen.from
        width: screen.areaWidth
        height: screen.row
        spacing: Theme.gap

        TernButton {
            label: board.written !== "" ? board.written : screen.searching ? Words.say("screen.picker.placeholder") : Words.say("screen.picker.search")
            iconName: "search"
            leading: true
            chosen: false
            textSize: Theme.text(24)
            Layout.preferredHeight: screen.row
            Layout.fillWidth: true
            onActivated: screen.searching = true
        }

        TernButton {
            label: Words.say("screen.picker.plu")
            iconName: "keypad"
            visible: !screen.searching
            onActivated: screen.till.open("keypad")
        }

        IconButton {
            kind: "secondary"
            iconName: "close"
            label: Words.say("action.close")
            visible: screen.searching
            Layout.preferredHeight: screen.row
            onActivated: {
                screen.searching = false;
                board.written = "";
            }
        }
    }

    TilePanel {
        id: articles
        model: screen.till.picker.articles
        anchors.left: parent.left
        anchors.leftMargin: screen.beside ? screen.columnLeft : Theme.margin
        y: screen.shelf
        width: screen.beside ? Theme.column : screen.areaWidth
        height: Math.max(Theme.target, screen.until - screen.shelf)
        least: Theme.largeText ? Theme.dp(220) : Theme.dp(172)
        tileHeight: Math.min(height, Theme.dp(Theme.largeText ? 214 : 178))
        pictureSize: tileHeight < Theme.dp(Theme.largeText ? 200 : 150) ? 0 : Theme.dp(Theme.largeText ? 52 : 68)
        onChosen: place => screen.till.pick(place)
    }

    TernText {
        text: Words.say("screen.picker.nothing")
        visible: board.written !== "" && articles.model.rowCount() === 0
        color: Theme.soft
        anchors.left: articles.left
        anchors.right: articles.right
        anchors.top: articles.top
        anchors.margins: Theme.dp(16)
    }

    Keyboard {
        id: board
        visible: screen.searching
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (Theme.portrait ? actions.y - Theme.gap : Theme.contentBottom) - height
        width: screen.areaWidth
        keyHeight: Theme.portrait ? Theme.dp(96) : Theme.lowReach ? Theme.targetLeast : Theme.dp(66)
        onWrittenChanged: screen.till.search(written)
    }

    TilePanel {
        id: groups
        model: screen.till.picker.categories
        visible: !screen.searching
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.portrait ? actions.y - Theme.dp(20) - height : screen.from
        width: Theme.column
        height: Theme.portrait ? 2 * (tileHeight + Theme.apart) : actions.y - y - Theme.gap
        least: Theme.largeText ? Theme.dp(Theme.portrait ? 220 : 240) : Theme.dp(140)
        tileHeight: Theme.dp(Theme.largeText ? Theme.portrait ? 150 : 84 : 118)
        pictureSize: Theme.largeText && !Theme.portrait ? 0 : Theme.dp(48)
        textSize: Theme.text(18)
        onChosen: (place, key) => screen.till.chooseCategory(key)
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column

        TernButton {
            kind: "primary"
            label: Words.say("action.back-to-basket")
            textSize: Theme.text(30)
            Layout.fillWidth: true
            onActivated: screen.till.back()
        }
    }
}
