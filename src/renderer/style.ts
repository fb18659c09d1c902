/**
 * Colours are the theme's. Those of high contrast have no shades: there borders show what is apart, a dashed outline what
 * the mouse is over, and contrastBorder and contrastActiveBorder are set in them alone.
 */
export const style = `
.gs { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
.gs *:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; }
.gs ::selection { color: var(--vscode-editor-selectionForeground, inherit); background: var(--vscode-editor-selectionBackground); }
.gs-bar, .gs-pages { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 2px 0 6px; }
.gs-count { margin-right: auto; }
.gs input, .gs select { color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-panel-border, transparent))); border-radius: 2px; padding: 2px 6px; font: inherit; max-width: 14em; }
.gs button { color: var(--vscode-button-secondaryForeground, var(--vscode-foreground)); background: var(--vscode-button-secondaryBackground, transparent); border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; padding: 2px 8px; font: inherit; cursor: pointer; }
.gs button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-list-hoverBackground)); }
.gs button:hover, .gs tbody tr:hover, .gs th[aria-sort]:hover { outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.gs button:focus-visible, .gs th:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; }
.gs button.gs-first { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
.gs button:disabled { opacity: .6; cursor: default; }
.gs-main { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.gs-scroll { overflow: auto; max-height: 420px; max-width: 100%; border: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, #8884)); }
.gs table { border-collapse: separate; border-spacing: 0; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 12px); margin: 0; }
.gs th, .gs td { padding: 2px 8px; text-align: left; white-space: pre; border: 0; border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, #8884)); max-width: 40em; overflow: hidden; text-overflow: ellipsis; unicode-bidi: isolate; }
.gs th { position: sticky; top: 0; background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); cursor: pointer; vertical-align: top; z-index: 1; }
.gs .gs-type { display: block; font-weight: normal; color: var(--vscode-descriptionForeground); }
.gs .gs-number { text-align: right; }
.gs tbody tr:hover { background: var(--vscode-list-hoverBackground); }
.gs .gs-null { color: var(--vscode-descriptionForeground); font-style: italic; }
.gs td button { padding: 0 4px; margin-left: 4px; line-height: 1.1; }
.gs-full { border: 1px solid var(--vscode-focusBorder); background: var(--vscode-editorWidget-background, var(--vscode-editor-background)); padding: 8px; margin-top: 6px; }
.gs-full pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: auto; max-height: 300px; margin: 6px 0; font-family: var(--vscode-editor-font-family, monospace); }
.gs-note { color: var(--vscode-descriptionForeground); margin: 4px 0; }
/* In themes of high contrast the paler colours may stand out too little. */
body.vscode-high-contrast .gs :is(.gs-type, .gs-null, .gs-note, .gs-key) { color: var(--vscode-foreground); }
.gs-plot { margin: 0; }
.gs-mark { fill: var(--vscode-charts-blue, #3794ff); stroke: var(--vscode-contrastBorder, transparent); }
.gs-line { fill: none; stroke: var(--vscode-charts-blue, #3794ff); stroke-width: 1.5; }
.gs-axis { stroke: var(--vscode-foreground); stroke-width: 1; }
.gs-tick { fill: var(--vscode-foreground); font-size: 10px; font-family: var(--vscode-font-family); }
.gs-tree { font-family: var(--vscode-editor-font-family, monospace); }
.gs-tree details, .gs-tree .gs-leaf { margin-left: 1.2em; overflow-wrap: anywhere; }
.gs-key { color: var(--vscode-symbolIcon-propertyForeground, var(--vscode-foreground)); }
`;
