import QtQuick
import QtQuick.Layouts
import "../controls"
import ".."

// After a power cut: the basket that was here, for whoever it belongs to.
Question {
    id: screen

    title: Words.say("screen.resume.title")
    text: Words.say("screen.resume.hint")
    hint: Words.say("screen.resume.question")
    primaryLabel: Words.say("action.continue")
    onConfirmed: screen.till.goOn()

    figure: Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.dp(6)

        TernText {
            text: Words.sayWith("screen.basket.items", { count: screen.till.basket.itemCount })
            color: Theme.soft
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
        }

        AmountText {
            exact: screen.till.basket.total
            font.pixelSize: Theme.total
            font.weight: Font.Black
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
        }
    }

    TernButton {
        label: Words.say("action.discard")
        iconName: "repeat"
        Layout.fillWidth: true
        onActivated: screen.till.empty()
    }
}
