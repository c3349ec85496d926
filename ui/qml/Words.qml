pragma Singleton

import QtQuick
import Tern

// Every sentence on the screen comes through here: a binding that calls it is evaluated anew when the language changes.
QtObject {
    id: root

    property WordsBridge bridge: null
    readonly property bool rtl: bridge ? bridge.rightToLeft : false

    function say(key: string): string {
        return bridge && bridge.revision >= 0 ? bridge.say(key) : "";
    }

    function sayWith(key: string, params: var): string {
        return bridge && bridge.revision >= 0 ? bridge.sayWith(key, params) : "";
    }

    function money(minor: real): string {
        return bridge && bridge.revision >= 0 ? bridge.money(minor) : "";
    }
}
