import QtQuick
import QtQuick.Layouts
import ".."

// An article or a group to touch: picture, name, price.
TernButton {
    id: tile

    property string picture
    property int pictureSize: Theme.dp(84)

    padding_: Theme.dp(8)
    corner: Theme.dp(20)

    contentItem: Item {
        implicitHeight: column.implicitHeight
        implicitWidth: column.implicitWidth

        ColumnLayout {
            id: column
            width: parent.width
            spacing: Theme.dp(4)
            anchors.centerIn: parent

            PictureTile {
                name: tile.picture
                size: tile.pictureSize
                visible: tile.picture !== "" && tile.pictureSize > 0
                Layout.alignment: Qt.AlignHCenter
            }

            TernText {
                text: tile.label
                color: tile.ink
                font.pixelSize: tile.textSize
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                maximumLineCount: 3
                lineHeight: 0.92
                elide: Text.ElideRight
                Layout.fillWidth: true
            }

            TernText {
                text: tile.detail
                visible: text !== ""
                color: tile.filled ? Theme.brandInk : Theme.soft
                font.pixelSize: Theme.text(17)
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.NoWrap
                fontSizeMode: Text.HorizontalFit
                Layout.fillWidth: true
            }
        }
    }
}
