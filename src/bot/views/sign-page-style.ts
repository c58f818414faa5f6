/** As the crew page: black on white for bright sun, white on black at night. Tested at 320 and 390 pixels and as a PDF (test/pages). */
export const SIGN_STYLE = `
:root { color-scheme: light dark; --ink: #000; --paper: #fff; --edge: #000; --soft: #f1f1f1; --alarm: #a00000; --act: #0b4a8f; --on-act: #fff; --good: #14532d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #fff; --paper: #000; --edge: #9a9a9a; --soft: #1c1c1c; --alarm: #ffb0b0; --act: #9ecbff; --on-act: #000; --good: #8fe0af; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.125rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.5rem; font-weight: 800; }
h1.good { color: var(--good); }
h2 { font-size: 1.375rem; line-height: 1.25; margin: 2rem 0 0.5rem; }
h3, h4 { font-size: 1.1875rem; line-height: 1.25; margin: 1.75rem 0 0.4rem; }
p { margin: 0 0 0.9rem; }
ul, ol { padding-left: 1.4rem; margin: 0 0 0.9rem; }
ol { padding-left: 2.2rem; }
li { margin-bottom: 0.5rem; }
a { color: var(--act); }
:focus-visible { outline: 0.2rem solid var(--act); outline-offset: 0.2rem; }
.agreement { margin: 1.25rem 0 0; padding: 0.25rem 0 0.5rem; border-top: 0.15rem solid var(--edge); border-bottom: 0.15rem solid var(--edge); }
.agreement h2:first-child { margin-top: 1rem; }
.agreement table { border-collapse: collapse; } .agreement td, .agreement th { border: 1px solid var(--edge); padding: 0.25rem 0.5rem; text-align: left; }
.agreement pre { white-space: pre-wrap; }
.field { margin: 1.75rem 0 0; padding: 0; border: 0; min-width: 0; }
.field > label, legend { display: block; padding: 0; font-weight: 700; margin-bottom: 0.35rem; }
.hint { margin: 0 0 0.5rem; font-size: 1rem; }
.pad { margin-bottom: 0.75rem; }
.error { color: var(--alarm); font-weight: 700; margin: 0 0 0.5rem; padding-left: 0.6rem; border-left: 0.3rem solid var(--alarm); }
input[type="text"], textarea { width: 100%; min-height: 3rem; padding: 0.6rem 0.75rem; font: inherit; color: var(--ink); background: var(--paper); border: 0.13rem solid var(--edge); border-radius: 0.4rem; }
[aria-invalid="true"] { border-color: var(--alarm) !important; }
.field > .check { display: flex; gap: 0.8rem; align-items: flex-start; min-height: 2.75rem; padding: 0.5rem 0; margin: 0; cursor: pointer; font-weight: 400; }
.check input { appearance: none; flex: none; display: grid; place-items: center; width: 1.75rem; height: 1.75rem; margin: 0; color: var(--ink); background: var(--paper); border: 0.17rem solid var(--ink); border-radius: 0.2rem; cursor: pointer; }
.check input:checked::after { content: "\\2713"; font-size: 1.6rem; line-height: 1; font-weight: 800; }
.sheet { border: 0.13rem solid var(--edge); border-radius: 0.4rem; background: #fff; overflow: hidden; margin-bottom: 0.5rem; }
canvas { display: block; width: 100%; aspect-ratio: 5 / 2; touch-action: none; cursor: crosshair; background: linear-gradient(#777, #777) 50% 78% / 90% 1px no-repeat; }
button, summary { min-height: 2.75rem; padding: 0.6rem 1rem; font: inherit; font-weight: 700; color: var(--ink); background: var(--soft); border: 0.13rem solid var(--edge); border-radius: 0.4rem; cursor: pointer; }
.main { display: block; width: 100%; min-height: 3.5rem; margin-top: 1.5rem; color: var(--on-act); background: var(--act); border-color: var(--act); font-size: 1.25rem; }
details { margin-top: 2.5rem; }
summary { display: inline-block; font-weight: 400; }
details form { margin-top: 1rem; }
details button { margin-top: 0.75rem; }
.summary { margin: 1rem 0; padding: 0.75rem 1rem; border: 0.2rem solid var(--alarm); border-radius: 0.4rem; }
.summary h2 { margin: 0 0 0.4rem; color: var(--alarm); }
.summary ul { margin: 0; padding: 0; list-style: none; } .summary a { display: inline-block; min-height: 2.75rem; padding: 0.5rem 0; color: var(--alarm); font-weight: 700; }
.signature { display: block; width: 100%; max-width: 22rem; margin-bottom: 0.9rem; background: #fff; border-bottom: 0.13rem solid var(--edge); }
.signature path { fill: none; stroke: #000; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
.typed { font: italic 1.9rem/1.3 Georgia, "Times New Roman", serif; padding-bottom: 0.25rem; border-bottom: 0.13rem solid var(--edge); }
dl { margin: 1rem 0 0; }
dl div { padding: 0.5rem 0; border-bottom: 1px solid var(--edge); }
dt { font-size: 1rem; } dd { margin: 0; font-weight: 700; }
.hash { font: 1rem/1.4 ui-monospace, monospace; font-weight: 400; word-break: break-all; }
footer { margin-top: 2.5rem; padding-top: 0.75rem; border-top: 0.15rem solid var(--edge); font-size: 1rem; }
@page { margin: 16mm; }
@media print {
  :root { --ink: #000; --paper: #fff; --edge: #000; --good: #000; --act: #000; }
  body { font-size: 10.5pt; line-height: 1.35; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 16pt; } h2 { font-size: 13pt; margin: 4mm 0 1.5mm; } h3, h4 { font-size: 11pt; margin: 3.5mm 0 1mm; }
  h2, h3, h4 { break-after: avoid; }
  li { break-inside: avoid; margin-bottom: 1mm; } p { margin-bottom: 2mm; }
  .screen, form, details { display: none !important; }
  .signed { break-inside: avoid; }
  .signature { max-width: 70mm; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .typed { font-size: 18pt; }
  dl { margin-top: 2mm; } dl div { display: flex; gap: 4mm; padding: 0.8mm 0; } dt { flex: 0 0 38mm; font-size: inherit; } .hash { font-size: 9pt; }
  footer { margin-top: 4mm; padding-top: 1mm; font-size: 9pt; }
}
`
