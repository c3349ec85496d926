pragma ComponentBehavior: Bound

import QtQuick
import Tern
import ".."

// Coupons and vouchers that were handed in, each to be taken back.
ListPanel {
    id: slips

    required property Till till

    model: till.basket.slips
    delegate: Card {
        id: slip

        required property string key
        required property string name
        required property string detail

        width: ListView.view.width
        height: Math.max(Theme.target + Theme.dp(6), words.implicitHeight + Theme.dp(16))
        radius: Theme.dp(20)

        Column {
            id: words
            anchors.left: parent.left
            anchors.leftMargin: Theme.pad
            anchors.right: out.left
            anchors.verticalCenter: parent.verticalCenter

            TernText {
                text: slip.name
                width: parent.width
                font.weight: Font.DemiBold
                maximumLineCount: 2
                elide: Text.ElideRight
            }

            TernText {
                text: slip.detail
                visible: text !== ""
                width: parent.width
                color: Theme.soft
                font.pixelSize: Theme.hint
            }
        }

        IconButton {
            id: out
            iconName: "trash"
            label: Words.sayWith("name.remove", { item: slip.name })
            anchors.right: parent.right
            anchors.rightMargin: Theme.dp(4)
            anchors.verticalCenter: parent.verticalCenter
            onActivated: slips.till.removeSlip(slip.key)
        }
    }
}
