import QtQuick
import "../controls"
import ".."

// How much loose goods weigh, in grams, as the scale says.
EntryScreen {
    id: screen

    title: screen.till.subject
    hint: Words.say("screen.weight.hint")
    placeholder: Words.say("screen.weight.title")
    unit: Words.say("screen.weight.unit")
    longest: 5
    primaryLabel: Words.say("action.add")
    onEntered: digits => screen.till.giveWeight(Number(digits))
    onDismissed: screen.till.back()

    figure: PictureTile {
        name: screen.till.picture
        size: Math.max(0, Math.min(Theme.dp(240), parent.height, parent.width))
        anchors.centerIn: parent
    }
}
