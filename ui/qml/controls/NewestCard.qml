import QtQuick
import Tern
import ".."

// The line that was just scanned, the biggest thing after the total; it slides in.
Card {
    id: card

    required property Till till
    readonly property BasketModel basket: till.basket

    implicitHeight: Math.max(Theme.dp(150), words.implicitHeight + Theme.dp(40), stepper.height + name.implicitHeight + Theme.dp(56))
    visible: basket.newestId > 0

    readonly property int newestId: basket.newestId

    onNewestIdChanged: slide.restart()

    NumberAnimation {
        id: slide
        target: inside
        property: "anchors.leftMargin"
        from: -Theme.dp(48)
        to: 0
        duration: Theme.calm
        easing.type: Easing.OutCubic
    }

    Item {
        id: inside
        anchors.fill: parent

        PictureTile {
            id: tile
            name: card.basket.newestPicture
            size: Theme.dp(104)
            visible: !Theme.largeText
            width: visible ? size : 0
            anchors.left: parent.left
            anchors.leftMargin: Theme.largeText ? Theme.dp(8) : Theme.pad
            anchors.verticalCenter: parent.verticalCenter
        }

        TernText {
            id: name
            text: card.basket.newestName
            font.pixelSize: Theme.newest
            font.weight: Font.Bold
            maximumLineCount: 2
            lineHeight: 0.98
            elide: Text.ElideRight
            anchors.left: tile.right
            anchors.leftMargin: Theme.pad
            anchors.right: amount.left
            anchors.rightMargin: Theme.dp(16)
            anchors.top: parent.top
            anchors.topMargin: Theme.dp(18)
        }

        Column {
            id: words
            spacing: Theme.dp(6)
            anchors.left: tile.right
            anchors.leftMargin: Theme.pad
            anchors.right: stepper.left
            anchors.rightMargin: Theme.dp(12)
            anchors.top: name.bottom
            anchors.topMargin: Theme.dp(8)

            TernText {
                text: card.basket.newestDetail !== "" ? card.basket.newestDetail : Words.say("screen.basket.newest")
                color: Theme.soft
                font.pixelSize: Theme.text(20)
                width: parent.width
                visible: !Theme.largeText || card.basket.newestSaving === ""
            }

            Chip {
                label: card.basket.newestSaving
                width: Math.min(implicitWidth, parent.width)
            }
        }

        TernText {
            id: amount
            text: card.basket.newestAmount
            font.pixelSize: Theme.text(40)
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            anchors.right: parent.right
            anchors.rightMargin: Theme.dp(30)
            anchors.top: parent.top
            anchors.topMargin: Theme.dp(14)
        }

        Stepper {
            id: stepper
            name: card.basket.newestName
            count: card.basket.newestCount
            countable: card.basket.newestCountable
            anchors.right: parent.right
            anchors.rightMargin: Theme.pad
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.dp(16)
            onChanged: count => card.till.setCount(card.basket.newestId, count)
            onRemoved: card.till.remove(card.basket.newestId)
        }
    }
}
