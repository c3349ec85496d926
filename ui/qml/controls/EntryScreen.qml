import QtQuick
import QtQuick.Layouts
import ".."

// Digits to type: what is asked, what is typed so far, the pad below it; figure and ways on in the column.
TernScreen {
    id: entry

    property string title
    property string hint
    property string warning
    property string placeholder
    property string unit
    // The digits are an amount in minor units, and read as one while they are typed.
    property bool inMoney: false
    property string primaryLabel
    property string backLabel: Words.say("action.back-to-basket")
    property int longest: 24
    property bool masked: false
    property bool busy: false
    // Codes of our own hold letters: those who have to type one may switch to a keyboard.
    property bool letters: false
    property bool offersLetters: false
    // Where it stands among other questions, above the title.
    property string eyebrow
    // How letters are written: "all" capitals, as codes are; the first of "words", as names; "none".
    property string capitals: "all"
    // Signs besides letters and digits.
    property string signs
    readonly property string told: {
        if (typed === "")
            return placeholder;
        if (masked)
            return "●".repeat(typed.length);
        return inMoney ? Words.money(Number(typed)) : unit === "" ? typed : `${typed} ${unit}`;
    }
    readonly property string typed: !letters ? pad.digits : capitals === "all" ? board.written.toUpperCase() : board.written
    property alias figure: art.data
    // More ways on, above the two that are always there.
    default property alias ways: others.data

    onTypedChanged: if (!masked) till.voice.typed(typed)

    signal entered(digits: string)
    signal dismissed

    function done() {
        const digits = typed;
        pad.digits = masked ? "" : pad.digits;
        entered(digits);
    }

    Keys.onEscapePressed: entry.dismissed()

    Column {
        id: words
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: Theme.portrait ? figureCard.y + figureCard.height + Theme.dp(32) : Theme.topBar + Theme.dp(4)
        width: entry.areaWidth
        spacing: Theme.dp(6)

        TernText {
            id: above
            text: entry.eyebrow
            visible: text !== "" && !(Theme.largeText && !Theme.portrait && entry.warning !== "")
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        TernText {
            id: title
            text: entry.title
            font.pixelSize: Theme.text(Theme.largeText && !Theme.portrait ? 34 : 40)
            font.weight: Font.Bold
            width: parent.width
            maximumLineCount: 2
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        TernText {
            text: entry.hint
            visible: entry.warning === "" && (above.visible ? above.implicitHeight + words.spacing : 0) + title.implicitHeight + implicitHeight + words.spacing + words.y < field.y
            color: Theme.soft
            width: parent.width
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }

        Chip {
            label: entry.warning
            tone: "warning"
            Accessible.role: Accessible.AlertMessage
            Accessible.name: label
        }
    }

    Card {
        id: field
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (entry.letters ? board.y : pad.y) - height - Theme.gap
        width: entry.letters ? board.width : pad.width
        height: Theme.target
        border.color: Theme.edge
        radius: Theme.radiusSmall

        TernText {
            text: entry.told
            color: entry.typed === "" ? Theme.soft : Theme.ink
            font.pixelSize: entry.typed === "" ? Theme.body : Theme.text(38)
            font.weight: entry.typed === "" ? Font.Normal : Font.Bold
            font.letterSpacing: entry.typed === "" ? 0 : 2
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.dp(18)
            wrapMode: Text.NoWrap
            verticalAlignment: Text.AlignVCenter
            anchors.fill: parent
            anchors.leftMargin: Theme.pad
            anchors.rightMargin: Theme.pad
            Accessible.role: Accessible.EditableText
            Accessible.name: entry.placeholder
            Accessible.description: entry.masked || entry.typed === "" ? "" : entry.told
        }
    }

    Keypad {
        id: pad
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (Theme.portrait ? actions.y - Theme.dp(32) : Theme.contentBottom) - height
        width: Theme.portrait ? entry.areaWidth : Math.min(entry.areaWidth, Theme.dp(560))
        // With more ways on below it, the pad stays within low reach as smaller keys.
        keyHeight: Theme.portrait && !(Theme.lowReach && others.visibleChildren.length > 1) ? Theme.dp(112) : Theme.target
        longest: entry.longest
        enabled: !entry.busy
        visible: !entry.letters
        focus: true
        onFinished: if (entry.typed !== "") entry.done()
    }

    Keyboard {
        id: board
        anchors.left: parent.left
        anchors.leftMargin: Theme.margin
        y: (Theme.portrait ? actions.y - Theme.dp(32) : Theme.contentBottom) - height
        width: entry.areaWidth
        keyHeight: Theme.portrait ? Theme.lowReach ? Theme.target : Theme.dp(96) : Theme.targetLeast
        longest: entry.longest
        digits: true
        signs: entry.signs
        capitalWords: entry.capitals === "words"
        visible: entry.letters
    }

    Card {
        id: figureCard
        anchors.left: parent.left
        anchors.leftMargin: entry.columnLeft
        y: Theme.topBar
        width: Theme.column
        height: Theme.portrait ? Math.max(0, Math.min(Theme.dp(360), field.y - y - words.height - Theme.dp(80))) : actions.y - y - Theme.gap
        visible: height > Theme.dp(90)

        Item {
            id: art
            anchors.fill: parent
            anchors.margins: Theme.pad
        }
    }

    ColumnLayout {
        id: actions
        anchors.left: parent.left
        anchors.leftMargin: entry.columnLeft
        y: entry.columnBottom - implicitHeight
        width: Theme.column
        spacing: Theme.gap

        ColumnLayout {
            id: others
            spacing: Theme.gap
            visible: visibleChildren.length > 0
            Layout.fillWidth: true
        }

        TernButton {
            label: entry.letters ? Words.say("action.digits") : Words.say("action.letters")
            iconName: "keypad"
            visible: entry.offersLetters
            Layout.fillWidth: true
            onActivated: entry.letters = !entry.letters
        }

        TernButton {
            label: entry.backLabel
            iconName: "back"
            Layout.fillWidth: true
            onActivated: entry.dismissed()
        }

        TernButton {
            kind: "primary"
            label: entry.primaryLabel
            available: entry.typed !== "" && !entry.busy
            Layout.fillWidth: true
            onActivated: entry.done()
        }
    }
}
