import QtQuick
import QtQuick.Layouts
import Tern
import "../controls"
import ".."

// It is sent: the number, large, on the screen and in a code to photograph, whether a slip came out or not.
TernScreen {
    id: screen

    readonly property FormModel form: till.form

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.portrait ? code.y + code.height + Theme.dp(44) : Theme.topBar + Math.max(0, Math.round((Theme.contentBottom - Theme.topBar - implicitHeight) * 0.3))
        width: screen.areaWidth
        spacing: Theme.dp(16)

        TernText {
            text: `${screen.form.title} · ${Words.say("screen.form-done.title")}`
            font.pixelSize: Theme.text(30)
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: screen.form.number
            color: Theme.brand
            font.pixelSize: Theme.amount
            font.weight: Font.Black
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.dp(40)
            wrapMode: Text.NoWrap
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            text: screen.form.when
            visible: text !== ""
            font.pixelSize: Theme.title
            font.weight: Font.Bold
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            text: screen.form.note
            font.pixelSize: Theme.text(26)
            lineHeight: 1.2
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }

    Card {
        id: code
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: Theme.topBar
        width: Theme.column
        height: Theme.portrait ? Math.min(Theme.dp(620), Math.max(0, actions.y - Theme.topBar - words.implicitHeight - Theme.dp(100))) : actions.y - y - Theme.gap
        visible: height > Theme.dp(120)

        QrImage {
            rows: screen.form.qrRows
            name: Words.say("name.qr")
            anchors.fill: parent
            anchors.margins: Theme.border
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: screen.columnLeft
        y: screen.columnBottom - implicitHeight
        width: Theme.column

        TernButton {
            kind: "primary"
            label: Words.say("action.done")
            Layout.fillWidth: true
            onActivated: screen.till.goOn()
        }
    }
}
