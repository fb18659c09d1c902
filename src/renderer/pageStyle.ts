/** Styles of pages: colours are the theme's, high contrast included. */
export const pageStyle = `
body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); padding: 0 20px 40px; }
/* What the browser draws itself: calendars, boxes to tick, bars to scroll. */
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) { color-scheme: dark; }
main { max-width: 72em; }
h1 { font-size: 1.6em; font-weight: 600; margin: 16px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2em; font-weight: 600; margin: 24px 0 8px; }
h3 { font-size: 1em; font-weight: 600; margin: 16px 0 4px; }
p { margin: 6px 0; max-width: 60em; }
a { color: var(--vscode-textLink-foreground); }
*:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 1px; }
table { border-collapse: collapse; margin: 6px 0; }
caption { text-align: left; color: var(--vscode-descriptionForeground); padding-bottom: 4px; }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, #8884)); overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
th .note { font-weight: normal; white-space: normal; }
section[aria-labelledby=network] td { min-width: 9em; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 12px); }
pre { background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24em; overflow: auto; }
button { color: var(--vscode-button-secondaryForeground, var(--vscode-foreground)); background: var(--vscode-button-secondaryBackground, transparent); border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; padding: 4px 10px; font: inherit; cursor: pointer; white-space: nowrap; overflow-wrap: normal; }
button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-list-hoverBackground)); }
button.first { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
button.first:hover { background: var(--vscode-button-hoverBackground); }
button:disabled { opacity: .6; cursor: default; }
input, select, textarea { color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-panel-border, transparent))); border-radius: 2px; padding: 4px 6px; font: inherit; box-sizing: border-box; max-width: 100%; }
section[aria-labelledby=tags] table { width: 100%; max-width: 50em; }
section[aria-labelledby=tags] input { width: 100%; }
label { display: inline-block; }
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.field { display: grid; grid-template-columns: 14em minmax(0, 36em); gap: 4px 12px; align-items: baseline; margin: 8px 0; }
.field > .note, .field > .problem { grid-column: 2; }
.note { color: var(--vscode-descriptionForeground); }
.problem { color: var(--vscode-errorForeground); }
.ok { color: var(--vscode-charts-green, var(--vscode-testing-iconPassed)); }
.warning { color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground)); }
.tag { border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, #8884)); border-radius: 2px; padding: 0 6px; }
/* In themes of high contrast these colours may stand out less than the text: there a bar tells what matters. */
body.vscode-high-contrast :is(caption, .note, .problem, .ok, .warning) { color: var(--vscode-foreground); }
body.vscode-high-contrast :is(.problem, .warning):not(:empty) { border-inline-start: 3px solid var(--vscode-errorForeground); padding-inline-start: 6px; }
body.vscode-high-contrast .warning:not(:empty) { border-inline-start-color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground)); }
details > summary { cursor: pointer; }
.mark { fill: var(--vscode-charts-blue, #3794ff); }
.second { fill: var(--vscode-charts-orange, #d18616); }
.line { fill: none; stroke: var(--vscode-charts-blue, #3794ff); stroke-width: 1.5; }
.axis { stroke: var(--vscode-foreground); stroke-width: 1; }
.tick { fill: var(--vscode-foreground); font-size: 11px; font-family: var(--vscode-font-family); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
