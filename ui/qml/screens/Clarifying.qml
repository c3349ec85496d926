import QtQuick
import "../controls"
import ".."

// Nobody knows yet whether the card was charged: it is being found out, and nothing has to be done twice.
Question {
    id: screen

    title: Words.say("screen.clarifying.title")
    text: Words.say("screen.clarifying.hint")
    hint: [Words.sayWith("screen.clarifying.how-long", { count: screen.till.waitS }), screen.till.staffCalled ? Words.say("notice.staff-called") : ""].join(" ").trim()
    scene: "staff"
    busy: true
}
