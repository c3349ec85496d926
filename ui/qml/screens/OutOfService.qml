import QtQuick
import "../controls"
import ".."

// Nobody is served here now: where to go instead.
Question {
    id: screen

    title: Words.say("screen.out-of-service.title")
    text: Words.say("screen.out-of-service.hint")
    hint: screen.till.problemText
    iconName: "tool"
    tone: "warning"
}
