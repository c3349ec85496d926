import QtQuick
import QtQuick.Templates as T
import ".."

// A torn-off paper in small; pressed, it is shown large.
T.AbstractButton {
    id: paper

    required property string picture
    required property int dotsWide
    required property int dotsHigh
    required property string words

    signal activated

    width: ListView.view.width - 8
    height: Math.min(sheet.height, 150)
    focusPolicy: Qt.StrongFocus
    clip: true

    Accessible.role: Accessible.Button
    Accessible.name: Words.say("bench.printer.torn")
    Accessible.description: words
    Accessible.onPressAction: paper.click()

    Keys.onReturnPressed: event => event.isAutoRepeat || paper.click()
    onClicked: paper.activated()

    contentItem: Item {
        Image {
            id: sheet
            width: parent.width
            height: Math.round(width * paper.dotsHigh / paper.dotsWide)
            sourceSize.width: width
            source: paper.picture
        }
    }

    Rectangle {
        anchors.fill: parent
        color: "transparent"
        border.width: 2
        border.color: BenchTheme.ink
        visible: paper.visualFocus
    }
}
