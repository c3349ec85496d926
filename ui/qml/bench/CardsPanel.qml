pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import TernBench
import ".."

// Cards of the demo's account holders, with what only their holders know, other cards, and what can be wrong with the card reader.
BenchPanel {
    id: panel
    objectName: "cards"

    required property SheafBench sheaf

    title: Words.say("bench.cards.title")
    faulty: !sheaf.plugged
    canFail: sheaf.canSwipe

    Flickable {
        id: cards
        Layout.fillWidth: true
        Layout.fillHeight: true
        contentHeight: column.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        T.ScrollBar.vertical: BenchScroll {}

        // What has the focus is seen.
        function reveal(key: Item) {
            const top = key.mapToItem(column, 0, 0).y;
            contentY = Math.max(Math.min(contentY, top - 50), top + key.height - height);
        }

        ColumnLayout {
            id: column
            width: cards.width - 8
            spacing: BenchTheme.gap

            BenchText {
                visible: people.count === 0
                text: Words.say("bench.cards.none")
                color: BenchTheme.soft
                font.pixelSize: BenchTheme.small
                Layout.fillWidth: true
            }

            Repeater {
                id: people
                model: panel.sheaf.holders

                ColumnLayout {
                    id: holder

                    required property string key
                    required property string name
                    required property string pin
                    required property string code
                    required property bool isSent

                    spacing: 3
                    Layout.fillWidth: true
                    Layout.bottomMargin: 4

                    BenchText {
                        text: holder.name
                        font.weight: Font.DemiBold
                        Layout.fillWidth: true
                    }

                    BenchText {
                        text: {
                            const pin = Words.sayWith("bench.cards.pin", {pin: holder.pin});
                            if (holder.isSent && holder.code !== "")
                                return pin + " · " + Words.sayWith("bench.cards.sent-code", {code: holder.code});
                            if (holder.code !== "")
                                return pin + " · " + Words.sayWith("bench.cards.code", {
                                    code: holder.code,
                                    seconds: panel.sheaf.secondsLeft
                                });
                            return holder.isSent ? pin + " · " + Words.say("bench.cards.sent") : pin;
                        }
                        color: BenchTheme.lit
                        font.pixelSize: BenchTheme.small
                        Accessible.role: Accessible.StaticText
                        Accessible.name: text
                        Layout.fillWidth: true
                    }

                    RowLayout {
                        spacing: 4
                        uniformCellSizes: true
                        Layout.fillWidth: true

                        BenchButton {
                            label: Words.say("bench.cards.scan")
                            spoken: holder.name + ": " + label
                            picture: "member"
                            enabled: panel.sheaf.canScan
                            Layout.fillWidth: true
                            onActivated: panel.sheaf.scanCard(holder.key)
                            onActiveFocusChanged: if (activeFocus) cards.reveal(this)
                        }

                        BenchButton {
                            label: Words.say("bench.cards.swipe")
                            spoken: holder.name + ": " + label
                            picture: "stripe-card"
                            visible: !panel.sheaf.canInsert
                            enabled: panel.sheaf.canSwipe
                            Layout.fillWidth: true
                            onActivated: panel.sheaf.swipeCard(holder.key)
                            onActiveFocusChanged: if (activeFocus) cards.reveal(this)
                        }

                        BenchButton {
                            label: Words.say("bench.cards.insert")
                            spoken: holder.name + ": " + label
                            picture: "chip-card"
                            visible: panel.sheaf.canInsert
                            toggles: true
                            chosen: panel.sheaf.inside === holder.key
                            Layout.fillWidth: true
                            onActivated: panel.sheaf.insertCard(holder.key)
                            onActiveFocusChanged: if (activeFocus) cards.reveal(this)
                        }
                    }
                }
            }

            BenchText {
                text: Words.say("bench.cards.others")
                color: BenchTheme.soft
                font.pixelSize: BenchTheme.small
                topPadding: 2
                Layout.fillWidth: true
            }

            GridLayout {
                columns: 2
                columnSpacing: 4
                rowSpacing: 4
                uniformCellWidths: true
                Layout.fillWidth: true

                Repeater {
                    model: panel.sheaf.others

                    BenchButton {
                        required property string key
                        required picture

                        label: Words.say(`bench.cards.other.${key}`)
                        enabled: panel.sheaf.canSwipe || panel.sheaf.canInsert
                        toggles: panel.sheaf.canInsert
                        chosen: panel.sheaf.inside === key
                        implicitHeight: 44
                        Layout.fillWidth: true
                        onActivated: panel.sheaf.showOther(key)
                        onActiveFocusChanged: if (activeFocus) cards.reveal(this)
                    }
                }
            }
        }
    }

    Flow {
        visible: panel.faultsShown
        spacing: 4
        Layout.fillWidth: true

        BenchButton {
            label: Words.say("bench.cards.unplugged")
            toggles: true
            chosen: !panel.sheaf.plugged
            onActivated: panel.sheaf.togglePlug()
        }

        BenchButton {
            label: Words.say("bench.cards.half")
            onActivated: panel.sheaf.sendHalf()
        }

        BenchButton {
            label: Words.say("bench.cards.unreadable")
            onActivated: panel.sheaf.sendUnreadable()
        }

        BenchButton {
            label: Words.say("bench.cards.noise")
            onActivated: panel.sheaf.sendNoise()
        }
    }

    BenchText {
        visible: panel.sheaf.notice !== ""
        text: visible ? Words.say(`bench.sheaf.${panel.sheaf.notice}`) : ""
        color: BenchTheme.alarm
        Layout.fillWidth: true
    }
}
