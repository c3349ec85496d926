import QtQuick
import ".."

// A line of a receipt: how many of its pieces come back, from none to all that are left.
Rectangle {
    id: card

    required property int lineId
    required property string name
    required property string detail
    required property string amount
    required property int count
    required property int remaining

    signal counted(lineId: int, count: int)

    implicitHeight: Math.max(Theme.target + Theme.dp(6), words.implicitHeight + Theme.dp(16))
    radius: Theme.dp(20)
    color: card.count > 0 ? Theme.saving : Theme.cardSoft
    border.width: 1
    border.color: Theme.line

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.dp(20)
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
            text: card.detail
            width: parent.width
            visible: text !== "" && !Theme.largeText
            color: card.count > 0 ? Theme.savingInk : Theme.soft
            font.pixelSize: Theme.text(17)
        }
    }

    Row {
        id: stepper
        anchors.right: amount.left
        anchors.rightMargin: Theme.dp(8)
        anchors.verticalCenter: parent.verticalCenter

        IconButton {
            iconName: "minus"
            label: Words.sayWith("name.less", { item: card.name })
            available: card.count > 0
            onActivated: card.counted(card.lineId, card.count - 1)
        }

        TernText {
            text: card.count
            width: Math.max(Theme.apart * 2, Theme.text(48))
            height: Theme.target
            font.pixelSize: Theme.lead
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }

        IconButton {
            iconName: "plus"
            label: Words.sayWith("name.more", { item: card.name })
            available: card.count < card.remaining
            onActivated: card.counted(card.lineId, card.count + 1)
        }
    }

    TernText {
        id: amount
        text: card.amount
        width: Theme.text(110)
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
