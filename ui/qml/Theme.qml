pragma Singleton

import QtQuick
import Tern

// The one place of colours, sizes, spacing and motion. Sizes are named in px of the reference panel (0.252 mm a pixel) and follow
// the configured pitch, so that a target is as many millimetres on any panel.
QtObject {
    id: theme

    property Look look: null
    property Modes modes: null
    property size window: Qt.size(1280, 800)
    property int cornerWidth: 0

    readonly property bool portrait: window.height > window.width
    readonly property bool largeText: modes ? modes.largeText : false
    readonly property bool lowReach: modes ? modes.lowReach : false
    readonly property bool highContrast: modes ? modes.highContrast : false
    readonly property bool reducedMotion: modes ? modes.reducedMotion : false
    readonly property int strikeGuardMs: modes && modes.steadyTouch ? 500 : 0

    // Colours
    readonly property color paper: highContrast ? "#FFFFFF" : look ? look.paper : "#F5F2EC"
    readonly property color card: highContrast || !look ? "#FFFFFF" : look.card
    readonly property color cardSoft: highContrast ? "#FFFFFF" : "#FFFDF8"
    readonly property color well: highContrast ? "#FFFFFF" : look ? look.paper : "#F5F2EC"
    readonly property color key: highContrast ? "#FFFFFF" : "#EFECE4"
    readonly property color pressed: highContrast ? "#D0D0D0" : "#DDD8CC"
    readonly property color line: highContrast ? "#000000" : look ? look.line : "#E4DFD5"
    readonly property color edge: highContrast ? "#000000" : "#8B9089"
    readonly property color ink: highContrast ? "#000000" : look ? look.ink : "#17211C"
    readonly property color soft: highContrast ? "#000000" : look ? look.inkSoft : "#5D6862"
    readonly property color brand: look ? look.brand : "#0C5C45"
    readonly property color brandInk: look ? look.brandInk : "#FFFFFF"
    readonly property color brandPressed: Qt.darker(brand, 1.35)
    readonly property color success: look ? look.success : "#2E9E6B"
    readonly property color saving: highContrast ? "#FFFFFF" : look ? look.savings : "#E3F2EA"
    readonly property color savingInk: highContrast ? "#000000" : brand
    readonly property color warning: highContrast ? "#000000" : look ? look.warning : "#8A5A00"
    readonly property color warningSoft: highContrast ? "#FFFFFF" : "#FFF1D6"
    readonly property color error: highContrast ? "#000000" : look ? look.error : "#B3261E"
    readonly property color errorSoft: highContrast ? "#FFFFFF" : "#FBE6E2"
    readonly property color scrim: "#B317211C"

    // Sizes
    readonly property real pitchMm: look ? look.pitchMm : 0.252
    readonly property int target: mm(20)
    readonly property int targetLeast: mm(15)
    readonly property int apart: mm(3)
    readonly property int margin: dp(40)
    readonly property int pad: dp(24)
    readonly property int gap: dp(14)
    readonly property int topBar: dp(92)
    readonly property int footer: dp(24)
    readonly property int column: portrait ? window.width - 2 * margin : dp(388)
    readonly property int primaryHeight: dp(124)
    readonly property int radius: dp(24)
    readonly property int radiusSmall: dp(18)
    readonly property int border: dp(2)
    // Where interactive things may begin, from the top of the window: the lower part of the screen in low-reach mode.
    readonly property int reachTop: !lowReach ? topBar : Math.round(window.height * (portrait ? 0.5 : 0.4))
    // The end of a screen's own area: above the row of language, easier to use and help.
    readonly property int cornerTop: window.height - footer - target
    // What lies over a screen leaves room at its left for the keys of the voice, while there is one.
    readonly property int overlayMargin: modes && modes.speech ? target + 2 * apart : margin
    readonly property int overlayWidth: Math.min(window.width - 2 * overlayMargin, dp(lowReach && !portrait ? 1200 : 880))
    readonly property int contentBottom: cornerTop - dp(16)

    // Text
    readonly property string family: look ? look.family : "Inter"
    readonly property int hint: text(18)
    readonly property int body: text(22)
    readonly property int lead: text(26)
    readonly property int newest: text(32)
    readonly property int title: text(44)
    readonly property int total: text(72)
    readonly property int amount: text(132)

    // Motion
    readonly property int calm: reducedMotion ? 0 : 200

    function mm(millimetres: real): int {
        return Math.ceil(millimetres / pitchMm);
    }

    function dp(reference: real): int {
        return Math.round(reference * 0.252 / pitchMm);
    }

    // EN 301 549 5.1.4: a capital H of 4.9 mm at least in large-text mode; Inter's capitals are 0.727 of its size. What is
    // large already grows less, so that an amount stays on the screen.
    function text(reference: real): int {
        if (!largeText)
            return dp(reference);
        return Math.max(Math.ceil(4.9 / 0.727 / pitchMm), dp(reference * (reference > 40 ? 1.2 : 1.4)));
    }

    function icon(name: string, tint: color): string {
        return name === "" ? "" : "image://art/icon/" + name + "/" + tint.toString().slice(-6);
    }

    function scene(name: string): string {
        return name === "" ? "" : "image://art/scene/" + name + "/" + brand.toString().slice(-6);
    }

    function picture(name: string): string {
        return "image://art/picture/" + name;
    }
}
