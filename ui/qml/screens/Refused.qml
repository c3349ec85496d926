import QtQuick
import "../controls"
import ".."

// An article that must not be sold: a kind word, and staff are on their way.
Question {
    id: screen

    title: Words.say("screen.refused.title")
    text: screen.till.problemText
    hint: Words.say("screen.refused.aside")
    scene: "staff"
    tone: "warning"
    primaryLabel: Words.say("action.continue")
    onConfirmed: screen.till.back()
}
