import QtQuick
import QtQuick.Templates as T
import ".."

// A paper in full size over the bench, to be read; Escape or the button closes it.
Rectangle {
    id: reader

    property string picture
    property string words

    signal closed

    color: BenchTheme.ground
    Keys.onEscapePressed: reader.closed()

    Flickable {
        anchors.fill: parent
        anchors.margins: BenchTheme.pad
        anchors.bottomMargin: BenchTheme.high + 2 * BenchTheme.pad
        contentHeight: sheet.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        T.ScrollBar.vertical: BenchScroll {}

        Image {
            id: sheet
            anchors.horizontalCenter: parent.horizontalCenter
            source: reader.picture
            cache: false
            Accessible.role: Accessible.Graphic
            Accessible.name: reader.words
        }
    }

    BenchButton {
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottomMargin: BenchTheme.pad
        width: 200
        height: BenchTheme.high
        label: Words.say("bench.close")
        focus: true
        onActivated: reader.closed()
    }
}
