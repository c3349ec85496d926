pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import TernBench
import ".."

// The payment terminal: its display, cards to hold to it, its keys, what is to go wrong, and its own books.
BenchPanel {
    id: panel
    objectName: "payment"

    required property PaymentBench payment
    // Where the window is low, the faults take the place of cards and keys.
    readonly property bool keysShown: !faultsShown || Window.height >= 1000

    title: Words.say("bench.payment.title")
    faulty: payment.faulty

    Rectangle {
        color: BenchTheme.lit
        radius: BenchTheme.round
        Layout.fillWidth: true
        Layout.preferredHeight: 54

        BenchText {
            x: 10
            y: 6
            width: parent.width - 20
            text: Words.say(`bench.prompt.${panel.payment.prompt}`) + "  " + "●".repeat(panel.payment.pinLength)
            color: BenchTheme.litInk
            font.weight: Font.DemiBold
            font.pixelSize: BenchTheme.head
            Accessible.role: Accessible.StaticText
            Accessible.name: Words.say(`bench.prompt.${panel.payment.prompt}`)
            Accessible.description: Words.sayWith("bench.payment.keyed", {count: panel.payment.pinLength})
        }

        BenchText {
            x: 10
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 6
            visible: panel.payment.pinHint !== "" && (panel.payment.prompt === "pin" || panel.payment.prompt === "pin-again")
            text: Words.sayWith("bench.payment.pin", {pin: panel.payment.pinHint})
            color: BenchTheme.litInk
            font.pixelSize: BenchTheme.small
        }

        BenchText {
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.margins: 6
            text: panel.payment.amountMinor > 0 ? Words.money(panel.payment.amountMinor) : ""
            color: BenchTheme.litInk
            font.weight: Font.Bold
            font.pixelSize: BenchTheme.head
        }
    }

    Grid {
        id: cards

        readonly property int cell: (width - 2 * spacing) / 3

        visible: panel.keysShown
        columns: 3
        spacing: 4
        Layout.fillWidth: true

        Repeater {
            model: panel.payment.cards

            BenchButton {
                required property string key

                label: Words.say(`bench.card.${key}`)
                width: cards.cell
                onActivated: panel.payment.presentCard(key)
            }
        }

        BenchButton {
            label: Words.say("bench.payment.insert")
            toggles: true
            chosen: panel.payment.inserting
            width: cards.cell
            onActivated: panel.payment.toggleInserting()
        }

        BenchButton {
            label: Words.say("bench.payment.remove")
            enabled: panel.payment.cardIn
            ground: panel.payment.cardIn ? BenchTheme.accent : BenchTheme.key
            ink: panel.payment.cardIn ? BenchTheme.accentInk : BenchTheme.ink
            width: cards.cell
            onActivated: panel.payment.removeCard()
        }
    }

    PinPad {
        visible: panel.keysShown
        Layout.fillWidth: true
        onPressed: key => panel.payment.pressKey(key)
    }

    BenchButton {
        visible: panel.keysShown
        label: Words.say("bench.payment.customer")
        toggles: true
        chosen: panel.payment.customerPays
        Layout.fillWidth: true
        onActivated: panel.payment.toggleCustomerPays()
    }

    Flow {
        visible: panel.faultsShown
        spacing: 4
        Layout.fillWidth: true

        BenchButton {
            label: Words.say("bench.payment.drop-line")
            onActivated: panel.payment.dropLine()
        }

        BenchButton {
            label: Words.say("bench.payment.power-cycle")
            onActivated: panel.payment.powerCycle()
        }

        Repeater {
            model: panel.payment.faults

            BenchButton {
                required property string key
                required chosen

                label: Words.say(`bench.fault.${key}`)
                toggles: true
                onActivated: panel.payment.toggleFault(key)
            }
        }
    }

    BenchText {
        text: Words.say("bench.payment.books")
        color: BenchTheme.soft
        font.pixelSize: BenchTheme.small
    }

    BenchText {
        visible: books.count === 0
        text: Words.say("bench.payment.no-books")
        color: BenchTheme.soft
        font.pixelSize: BenchTheme.small
    }

    Repeater {
        id: books
        model: panel.payment.ledger

        BenchText {
            required property string kind
            required property string result
            required property int trace
            required property real amountMinor
            required property string card

            text: Words.sayWith(result === "declined" ? "bench.payment.entry-declined" : "bench.payment.entry", {
                trace: trace,
                kind: Words.say(`bench.kind.${kind}`),
                amount: Words.money(amountMinor),
                card: card
            })
            color: result === "declined" || kind === "reversal" ? BenchTheme.alarm : BenchTheme.ink
            font.pixelSize: BenchTheme.small
            Layout.fillWidth: true
        }
    }
}
