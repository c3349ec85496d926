import QtQuick
import ".."

// An amount that counts to its new value; at rest it is exactly `text_`, the words of the total.
TernText {
    id: label

    property string exact
    property real minor: 0
    property real shown: minor

    text: counting.running ? Words.money(Math.round(shown)) : exact
    wrapMode: Text.NoWrap
    fontSizeMode: Text.HorizontalFit
    minimumPixelSize: Theme.dp(28)

    Behavior on shown {
        NumberAnimation {
            id: counting
            duration: Theme.calm
            easing.type: Easing.OutCubic
        }
    }
}
