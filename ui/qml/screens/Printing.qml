import QtQuick
import "../controls"
import ".."

// The receipt is on its way.
Question {
    id: screen

    title: Words.say("screen.printing.title")
    text: Words.say("screen.printing.hint")
    scene: "receipt"
    busy: true
}
