import QtQuick
import ".."

// A line of the basket: picture, name, what its price is made of, how many, and its amount.
Item {
    id: card

    required property int lineId
    required property string name
    required property string detail
    required property string saving
    required property string deposit
    required property string amount
    required property string picture
    required property int count
    required property bool countable
    required property string section

    signal counted(lineId: int, count: int)
    signal removed(lineId: int)

    implicitHeight: face.height + (section === "" ? 0 : heading.implicitHeight + Theme.dp(8))

    TernText {
        id: heading
        text: card.section
        visible: text !== ""
        width: parent.width
        color: Theme.soft
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }

    Rectangle {
        id: face
        width: parent.width
        height: Math.max(Theme.target + Theme.dp(6), words.implicitHeight + Theme.dp(16))
        radius: Theme.dp(20)
        color: Theme.cardSoft
        border.width: 1
        border.color: Theme.line
        anchors.bottom: parent.bottom

        PictureTile {
            id: tile
            name: card.picture
            visible: !Theme.largeText
            width: visible ? size : 0
            anchors.left: parent.left
            anchors.leftMargin: Theme.dp(16)
            anchors.verticalCenter: parent.verticalCenter
        }

        Column {
            id: words
            anchors.left: tile.right
            anchors.leftMargin: Theme.dp(16)
            anchors.right: stepper.left
            anchors.rightMargin: Theme.dp(12)
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.dp(2)

            TernText {
                text: card.name
                width: parent.width
                font.weight: Font.DemiBold
                maximumLineCount: Theme.largeText ? 3 : 2
                elide: Text.ElideRight
            }

            TernText {
                text: card.saving !== "" ? card.saving : [card.detail, card.deposit].filter(part => part !== "").join(" · ")
                width: parent.width
                visible: text !== "" && !Theme.largeText
                color: card.saving !== "" ? Theme.savingInk : Theme.soft
                font.pixelSize: Theme.text(17)
                font.weight: card.saving !== "" ? Font.DemiBold : Font.Normal
            }
        }

        Stepper {
            id: stepper
            name: card.name
            count: card.count
            countable: card.countable
            anchors.right: amount.left
            anchors.verticalCenter: parent.verticalCenter
            onChanged: count => card.counted(card.lineId, count)
            onRemoved: card.removed(card.lineId)
        }

        TernText {
            id: amount
            text: card.amount
            width: Theme.text(120)
            font.pixelSize: Theme.text(24)
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            wrapMode: Text.NoWrap
            horizontalAlignment: Text.AlignRight
            anchors.right: parent.right
            anchors.rightMargin: Theme.dp(20)
            anchors.verticalCenter: parent.verticalCenter
        }
    }
}
