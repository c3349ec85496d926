import QtQuick
import QtQuick.Layouts
import TernBench
import ".."

// The sheaf of bills: one of each standard, and one of each thing that can be the matter with a bill.
BenchPanel {
    id: panel
    objectName: "sheaf"

    required property SheafBench sheaf

    title: Words.say("bench.sheaf.title")
    canFail: false

    TileGrid {
        groups: panel.sheaf.bills
        groupWords: "bench.sheaf.group."
        tileWords: "bench.bill."
        Layout.fillWidth: true
        Layout.fillHeight: true
        onTouched: key => panel.sheaf.scanBill(key)
    }

    BenchText {
        visible: panel.sheaf.notice !== ""
        text: visible ? Words.say(`bench.sheaf.${panel.sheaf.notice}`) : ""
        color: BenchTheme.alarm
        Layout.fillWidth: true
    }
}
