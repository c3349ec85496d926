pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Tern
import TernBench
import ".."

// The bench beside the kiosk: the power, the line to the office, the shelf, the payment terminal and the printer, as far as they are virtual here.
Rectangle {
    id: root

    required property Bench bench
    required property WordsBridge words

    color: BenchTheme.ground
    LayoutMirroring.enabled: Words.rtl
    LayoutMirroring.childrenInherit: true

    Binding {
        target: Words
        property: "bridge"
        value: root.words
    }

    ColumnLayout {
        id: work
        anchors.fill: parent
        anchors.margins: BenchTheme.pad
        spacing: BenchTheme.pad
        enabled: reader.picture === ""

        PowerBar {
            power: root.bench.power
            words: root.words
            onSpoken: language => root.bench.speak(language)
            Layout.fillWidth: true
        }

        Loader {
            active: root.bench.office !== null
            visible: active
            Layout.fillWidth: true
            sourceComponent: OfficePanel {
                office: root.bench.office
            }
        }

        RowLayout {
            spacing: BenchTheme.pad
            Layout.fillWidth: true
            Layout.fillHeight: true

            ColumnLayout {
                visible: root.bench.scanner !== null || root.bench.sheaf !== null
                spacing: BenchTheme.gap
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 310

                TabRow {
                    id: tabs
                    objectName: "tabs"
                    names: root.bench.scanner !== null ? ["shelf", "sheaf", "cards"] : ["cards"]
                    visible: names.length > 1
                    Layout.fillWidth: true
                }

                Loader {
                    active: root.bench.scanner !== null
                    visible: active && tabs.current === "shelf"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    sourceComponent: ShelfPanel {
                        scanner: root.bench.scanner
                    }
                }

                Loader {
                    active: root.bench.sheaf !== null
                    visible: active && tabs.current === "sheaf"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    sourceComponent: SheafPanel {
                        sheaf: root.bench.sheaf
                    }
                }

                Loader {
                    active: root.bench.sheaf !== null
                    visible: active && tabs.current === "cards"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    sourceComponent: CardsPanel {
                        sheaf: root.bench.sheaf
                    }
                }
            }

            ColumnLayout {
                visible: root.bench.payment !== null || root.bench.printer !== null
                spacing: BenchTheme.pad
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 300

                Loader {
                    active: root.bench.payment !== null
                    visible: active
                    Layout.fillWidth: true
                    sourceComponent: PaymentPanel {
                        payment: root.bench.payment
                    }
                }

                Loader {
                    active: root.bench.printer !== null
                    visible: active
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    sourceComponent: PaperPanel {
                        printer: root.bench.printer
                        onRead: (picture, words) => {
                            reader.picture = picture;
                            reader.words = words;
                            reader.forceActiveFocus();
                        }
                    }
                }
            }
        }
    }

    PaperReader {
        id: reader
        objectName: "reader"
        anchors.fill: parent
        visible: picture !== ""
        onClosed: {
            picture = "";
            work.forceActiveFocus();
        }
    }
}
