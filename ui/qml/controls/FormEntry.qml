import QtQuick
import QtQuick.Layouts
import Tern
import ".."

// A question that is answered by typing, or by a scan.
EntryScreen {
    id: entry

    readonly property FormModel form: till.form
    readonly property bool isText: form.kind === "text" || form.kind === "email"

    eyebrow: form.eyebrow
    title: form.label
    hint: form.hint
    warning: form.problemText
    placeholder: form.kind === "code" ? Words.say("screen.form.scan") : isText ? Words.say("screen.form.type-letters") : Words.say("screen.form.type-digits")
    letters: isText
    capitals: form.kind !== "email" ? form.kind === "text" ? "words" : "all" : "none"
    signs: form.kind === "email" ? "@._+" : form.kind === "text" ? "'.," : "./"
    offersLetters: form.kind === "code"
    longest: form.longest
    busy: form.waiting
    backLabel: Words.say("action.back")
    primaryLabel: Words.say("action.continue")
    onEntered: text => form.answer(text)
    onDismissed: till.back()

    figure: [
        CodeFigure {
            visible: entry.form.kind === "code"
            anchors.centerIn: parent
        },
        Icon {
            name: entry.form.kind === "code" ? "" : entry.isText ? "person" : "keypad"
            tint: Theme.brand
            size: Math.max(1, Math.min(Theme.dp(160), parent.height - Theme.dp(40)))
            anchors.centerIn: parent
        }
    ]

    ways: TernButton {
        label: Words.say("action.leave-out")
        iconName: "chevron-right"
        visible: entry.form.optional
        Layout.fillWidth: true
        onActivated: entry.form.answer("")
    }
}
