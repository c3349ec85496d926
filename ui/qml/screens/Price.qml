import QtQuick
import "../controls"
import ".."

// The price that the shopper saw on the shelf, in minor units.
EntryScreen {
    id: screen

    title: screen.till.subject
    hint: Words.say("screen.price.hint")
    placeholder: Words.say("screen.price.title")
    inMoney: true
    longest: 6
    primaryLabel: Words.say("action.continue")
    onEntered: digits => screen.till.givePrice(Number(digits))
    onDismissed: screen.till.back()

    figure: PictureTile {
        name: screen.till.picture
        size: Math.max(0, Math.min(Theme.dp(240), parent.height, parent.width))
        anchors.centerIn: parent
    }
}
