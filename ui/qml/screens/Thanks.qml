import QtQuick
import "../controls"
import ".."

// The end: what was saved, and a good day.
Question {
    id: screen

    title: Words.say("screen.thanks.title")
    text: Words.say("screen.thanks.hint")
    hint: Words.say("screen.thanks.take-all")
    scene: "thanks"
    tone: "good"
    primaryLabel: Words.say("action.done")
    onConfirmed: screen.till.goOn()
}
